// ERROR: the borrow is taken away
// live-out: x0
cmp x3, x4
sbc x0, x1, x2
// =>
sub x0, x1, x2
cmp x3, x4
cinc x0, x0, lo

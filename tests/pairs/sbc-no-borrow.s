// ERROR: the borrow is dropped
// live-out: x0, x1
subs x0, x0, x2
sbc x1, x1, x3
// =>
subs x0, x0, x2
sub x1, x1, x3

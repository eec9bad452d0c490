// ERROR: the sign of a difference is not the order where it overflows
// live-out: x0
cmp x1, x2
csel x8, x1, x2, gt
csel x9, x2, x1, gt
sub x0, x8, x9
// =>
subs x8, x1, x2
cneg x0, x8, mi

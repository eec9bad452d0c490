// live-out: x0
cmp x1, x2
csel x8, x1, x2, gt
csel x9, x2, x1, gt
sub x0, x8, x9
// =>
subs x8, x1, x2
cneg x0, x8, le

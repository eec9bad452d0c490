// ERROR: vc always holds
// live-out: x2
tst x0, x1
csel x2, x3, x4, vc
// =>
mov x2, x4

// ERROR: the square of 2 is
// live-out: x2
mul x3, x0, x0
and x3, x3, #7
cmp x3, #4
csel x2, x4, x5, eq
// =>
mov x2, x5

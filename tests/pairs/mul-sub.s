// live-out: x0
mul x8, x0, x1
sub x0, x2, x8
// =>
msub x0, x0, x1, x2

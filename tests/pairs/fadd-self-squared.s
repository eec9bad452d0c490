// ERROR: the square
// live-out: s0
fadd s0, s1, s1
// =>
fmul s0, s1, s1

// live-out: s0
fadd s0, s1, s1
// =>
fmov s2, #2.0
fmul s0, s2, s1

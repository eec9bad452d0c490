// ERROR: rounded twice
// live-out: s0
fmul s0, s0, s1
fadd s0, s0, s2
// =>
fmadd s0, s0, s1, s2

// ERROR: two roundings instead of one
// live-out: s0
fmadd s0, s0, s1, s2
// =>
fmul s0, s0, s1
fadd s0, s0, s2

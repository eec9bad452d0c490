// ERROR: rounded twice may differ in other roundings, and NaNs
// live-out: s0
fcvt d0, s0
fcvt d1, s1
fmul d0, d0, d1
fcvt d2, s2
fadd d0, d0, d2
fcvt s0, d0
// =>
fmul s0, s0, s1
fadd s0, s0, s2

// ERROR: a quarter
// live-out: s0
fmov s1, #2.0
fdiv s0, s0, s1
// =>
fmov s1, #0.25
fmul s0, s0, s1

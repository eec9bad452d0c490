// ERROR: which NaN is returned
// live-out: s0
fmul s0, s0, s1
// =>
fmul s0, s1, s0

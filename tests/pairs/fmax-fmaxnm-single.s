// ERROR: a quiet NaN
// live-out: s0
fmaxnm s0, s0, s1
// =>
fmax s0, s0, s1

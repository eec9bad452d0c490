// ERROR: NaN and zero
// live-out: s0
fmaxnmv s0, v0.4s
// =>
fmaxv s0, v0.4s

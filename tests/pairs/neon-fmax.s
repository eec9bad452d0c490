// ERROR: NaN
// live-out: q0
fmax v0.4s, v0.4s, v1.4s
// =>
fmaxnm v0.4s, v0.4s, v1.4s

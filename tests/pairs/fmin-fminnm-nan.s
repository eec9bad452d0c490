// ERROR: a quiet NaN
// live-out: d0
fmin d0, d0, d1
// =>
fminnm d0, d0, d1

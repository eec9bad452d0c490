// ERROR: which NaN
// live-out: d0
fmin d0, d0, d1
// =>
fmin d0, d1, d0

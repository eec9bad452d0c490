// ERROR: zero times infinity
// live-out: d0
fmul d0, d0, d1
// =>
fmulx d0, d0, d1

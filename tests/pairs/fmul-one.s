// ERROR: a signalling NaN becomes quiet
// live-out: d0
fmov d1, #1.0
fmul d0, d0, d1
// =>
fmov d1, #1.0

// live-out: d0
fmov d1, #3.0
fmul d0, d1, d0
// =>
fmov d1, #3.0
fmul d0, d0, d1

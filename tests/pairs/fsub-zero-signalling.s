// ERROR: a signalling NaN is quietened
// live-out: d0
movi d1, #0
fsub d0, d0, d1
// =>
fmov d0, d0

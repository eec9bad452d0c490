// ERROR: a denormal number is flushed and a NaN made quiet
// live-out: d0
fmov d1, #1.0
fmul d0, d0, d1
// =>

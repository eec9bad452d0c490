// ERROR: rounded twice, and infinities
// live-out: d0
fadd d0, d0, d1
fsub d0, d0, d1
// =>
fmov d0, d0

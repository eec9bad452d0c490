// live-out: d0
fneg d0, d0
fneg d0, d0
// =>
fmov d0, d0

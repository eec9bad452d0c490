// live-out: d0
fmov d0, d0
// =>
nop

// ERROR: the upper half of the register
// live-out: q0
fmov d0, d0
// =>
nop

// REFUSED: the rounding
msr fpcr, x0
// =>
nop

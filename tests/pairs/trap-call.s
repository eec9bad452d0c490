// REFUSED: a call is dropped
bl f
// =>
nop

// REFUSED: a barrier is dropped
isb
// =>
nop

// REFUSED: sixty-four zeros
dc zva, x0
// =>
nop

// REFUSED: a landing pad
bti c
// =>
nop

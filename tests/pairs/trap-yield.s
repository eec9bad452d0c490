// REFUSED: a hint
yield
// =>
nop

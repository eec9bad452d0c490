// REFUSED: the flags of what was rounded
mrs x0, fpsr
// =>
mov x0, #0

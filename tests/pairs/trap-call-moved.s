// REFUSED: over a call
mov x19, x0
bl f
// =>
bl f
mov x19, x0

// ERROR: only where the product is above 2**127
// live-out: x0
umulh x8, x0, x1
lsr x0, x8, #63
// =>
mov x0, #0

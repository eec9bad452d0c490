// ERROR: the low bits of the product carry into it
// live-out: x0
lsl x8, x1, #8
umulh x0, x8, x2
// =>
umulh x8, x1, x2
lsl x0, x8, #8

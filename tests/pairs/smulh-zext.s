// ERROR: bit 63 is the sign of nothing here
// live-out: x0
mov w1, w1
mov w2, w2
smulh x0, x1, x2
// =>
mov w1, w1
mov w2, w2
umull x8, w1, w2
lsr x0, x8, #63

// ERROR: zero has 32
// live-out: w2
clz w3, w0
cmp w3, #32
csel w2, w4, w5, eq
// =>
mov w2, w5

// ERROR: 32 is no shift of a word
// live-out: x0
mov w1, w1
lsr w0, w1, w2
// =>
mov w1, w1
lsr x0, x1, x2

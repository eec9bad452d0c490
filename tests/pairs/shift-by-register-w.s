// ERROR: modulo 64, not 32
// live-out: w0
lsr w0, w0, w1
// =>
mov w0, w0
lsr x0, x0, x1

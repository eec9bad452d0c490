// ERROR: 32-bit shifts take the amount modulo 32
// live-out: w0
and w8, w1, #63
lsl w0, w0, w8
// =>
lsl x0, x0, x1

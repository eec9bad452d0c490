// live-out: x0
lsr w8, w1, #1
lsr w9, w2, #1
sdiv w0, w8, w9
// =>
lsr w9, w2, #1
lsr w8, w1, #1
udiv w0, w8, w9

// ERROR: w2 may be negative
// live-out: x0
lsr w8, w1, #1
sdiv w0, w8, w2
// =>
lsr w8, w1, #1
udiv w0, w8, w2

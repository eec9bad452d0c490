// ERROR: off by one
// live-out: w0
mov w8, #8
udiv w0, w0, w8
// =>
lsr w0, w0, #4

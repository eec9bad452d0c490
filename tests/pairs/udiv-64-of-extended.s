// live-out: w0
mov w0, w0
mov w1, w1
udiv x0, x0, x1
// =>
udiv w0, w0, w1

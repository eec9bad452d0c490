// ERROR: the upper half counts
// live-out: w0
udiv w0, w0, w1
// =>
udiv x0, x0, x1

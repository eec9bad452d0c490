// ERROR: the upper half
// live-out: x0
smov w0, v0.h[2]
// =>
smov x0, v0.h[2]

// ERROR: the upper half
// live-out: x0
mov x0, x1
// =>
mov w0, w1

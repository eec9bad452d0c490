// ERROR: the upper half must be zero
// live-out: x0
add w0, w0, w0
// =>
lsl x0, x0, #1

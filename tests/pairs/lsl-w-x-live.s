// ERROR: the upper half
// live-out: x0
lsl w0, w0, #4
// =>
lsl x0, x0, #4

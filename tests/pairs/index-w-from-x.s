// ERROR: the upper half of the index
// live-out: w0
ldr w0, [x1, x2, lsl #2]
// =>
ldr w0, [x1, w2, sxtw #2]

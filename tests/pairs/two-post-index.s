// live-out: w0, w1, x2
ldr w0, [x2], #4
ldr w1, [x2], #4
// =>
ldp w0, w1, [x2], #8

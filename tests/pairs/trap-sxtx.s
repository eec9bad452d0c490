// live-out: w0
ldr w0, [x1, x2, sxtx #2]
// =>
ldr w0, [x1, x2, lsl #2]

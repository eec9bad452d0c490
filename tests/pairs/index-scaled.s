// live-out: w0
lsl x8, x2, #2
ldr w0, [x1, x8]
// =>
ldr w0, [x1, x2, lsl #2]

// live-out: w0
ldr w0, [x1]
lsr w0, w0, #24
// =>
ldrb w0, [x1, #3]

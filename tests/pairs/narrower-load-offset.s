// live-out: w0
ldr w0, [x1]
and w0, w0, #0xff00
lsr w0, w0, #8
// =>
ldrb w0, [x1, #1]

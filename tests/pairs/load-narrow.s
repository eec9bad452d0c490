// live-out: w0
ldr w0, [x1]
and w0, w0, #0xff
// =>
ldrb w0, [x1]

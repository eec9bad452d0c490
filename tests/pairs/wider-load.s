// ERROR: bytes that were not accessed
// live-out: w0
ldrb w0, [x1]
// =>
ldr w0, [x1]
and w0, w0, #0xff

// ERROR: bytes that were not read
// live-out: w0
ldrb w0, [x1, #3]
// =>
ldr w0, [x1]
lsr w0, w0, #24

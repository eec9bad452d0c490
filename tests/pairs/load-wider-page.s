// ERROR: bytes that were not read
// live-out: w0
ldr w0, [x1]
// =>
ldr x0, [x1]

// ERROR: not extended
// live-out: x0
ldrsw x0, [x1]
// =>
ldr w0, [x1]

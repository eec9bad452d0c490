// live-out: x0
ldr w8, [x1]
ldr w0, [x1]
// =>
ldr w0, [x1]

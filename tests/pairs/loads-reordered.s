// live-out: x0, x1
ldr w0, [x2]
ldr w1, [x3]
// =>
ldr w1, [x3]
ldr w0, [x2]

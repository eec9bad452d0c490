// live-out: x1
ldr x1, [x0], #8
// =>
ldr x1, [x0]

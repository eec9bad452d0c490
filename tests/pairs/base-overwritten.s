// ERROR: the base is gone
// live-out: x0, x1
ldr x1, [x0, #8]
ldr x0, [x0]
// =>
ldr x0, [x0]
ldr x1, [x0, #8]

// live-out: x0
ldr x8, [x0]
ldr x8, [x8, #8]
ldr x0, [x8]
// =>
ldr x0, [x0]
ldr x0, [x0, #8]
ldr x0, [x0]

// live-out: x0, x1
ldr x1, [x0, #8]
ldr x0, [x0]
// =>
ldp x0, x1, [x0]

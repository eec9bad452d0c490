ldr x0, [x2]
ldr x1, [x2, #8]
// =>
ldp x0, x1, [x2]

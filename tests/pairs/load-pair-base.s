// ERROR: the second load uses the first
ldr x2, [x2]
ldr x1, [x2, #8]
// =>
ldp x2, x1, [x2]

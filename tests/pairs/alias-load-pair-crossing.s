// ERROR: the store may reach the second half
// live-out: x0, x1
ldr x0, [x2]
str w3, [x4]
ldr x1, [x2, #8]
// =>
ldp x0, x1, [x2]
str w3, [x4]

str x0, [x2]
ldr x1, [x2, #8]
// =>
ldr x1, [x2, #8]
str x0, [x2]

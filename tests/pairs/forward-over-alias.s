// ERROR: the store may alias
ldr x0, [x1]
str x4, [x2]
ldr x3, [x1]
// =>
ldr x0, [x1]
str x4, [x2]
mov x3, x0

// ERROR: the store may alias the second
ldr x0, [x2]
str x4, [x3]
ldr x1, [x2, #8]
// =>
ldp x0, x1, [x2]
str x4, [x3]

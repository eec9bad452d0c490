// ERROR: they may alias
str x0, [x2]
ldr x1, [x3]
// =>
ldr x1, [x3]
str x0, [x2]

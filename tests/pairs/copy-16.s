ldr x8, [x1]
ldr x9, [x1, #8]
str x8, [x0]
str x9, [x0, #8]
// =>
ldp x8, x9, [x1]
stp x8, x9, [x0]

// ERROR: the store through the pointer may have gone over it
// live-out: x0
str x0, [x1]
ldr x2, [x1, #8]
str x2, [x0]
ldr x0, [x1]
// =>
str x0, [x1]
ldr x2, [x1, #8]
str x2, [x0]

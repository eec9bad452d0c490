// ERROR: the pointer may have been overwritten
// live-out: x0, x1
ldr x0, [x2]
str x3, [x0]
ldr x1, [x2]
// =>
ldr x0, [x2]
str x3, [x0]
mov x1, x0

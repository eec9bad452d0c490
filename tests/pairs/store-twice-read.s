// ERROR: the load may read the first
// live-out: x0
str x0, [x1]
ldr x3, [x4]
str x2, [x1]
mov x0, x3
// =>
ldr x0, [x4]
str x2, [x1]

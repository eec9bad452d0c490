// live-out: x3, x4
str x2, [x0, #24576]
ldr x3, [x0, #24576]
ldr x4, [x0]
// =>
str x2, [x0, #24576]
mov x3, x2
ldr x4, [x0]

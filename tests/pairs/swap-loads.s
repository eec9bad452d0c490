// live-out: x0, x1
ldr x8, [x2]
ldr x9, [x3]
mov x0, x9
mov x1, x8
// =>
ldr x0, [x3]
ldr x1, [x2]

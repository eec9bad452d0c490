// live-out: x9
str x2, [x0, #32760]
ldr x8, [x0]
mov x9, x8
// =>
ldr x9, [x0]
str x2, [x0, #32760]

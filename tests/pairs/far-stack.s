// live-out: x1, x2
str x0, [sp, #32752]
ldr x1, [sp, #16]
ldr x2, [sp, #32752]
// =>
str x0, [sp, #32752]
ldr x1, [sp, #16]
mov x2, x0

// ERROR: sp
// live-out: x0
str x0, [sp, #-16]!
ldr x0, [sp], #16
// =>
str x0, [sp, #-16]!
ldr x0, [sp]

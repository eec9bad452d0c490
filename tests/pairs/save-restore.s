// live-out: sp
str x19, [sp, #-16]!
ldr x19, [sp], #16
// =>
str x19, [sp, #-16]!
add sp, sp, #16

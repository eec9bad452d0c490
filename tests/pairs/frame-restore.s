// live-out: x29, x30, sp
ldr x29, [sp]
ldr x30, [sp, #8]
add sp, sp, #32
// =>
ldp x29, x30, [sp], #32

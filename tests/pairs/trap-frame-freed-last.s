// live-out: x0, sp
ldr x0, [x1]
add sp, sp, #32
// =>
ldr x0, [x1]
add sp, sp, #16
add sp, sp, #16

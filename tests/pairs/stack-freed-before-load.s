// ERROR: read after it was freed
// live-out: x0
ldr x0, [sp, #8]
add sp, sp, #16
// =>
add sp, sp, #16
ldur x0, [sp, #-8]

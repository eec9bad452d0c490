// ERROR: sp is not aligned at the access
// live-out: x0
add x8, sp, #8
ldr x0, [x8]
sub x8, x8, #8
mov sp, x8
// =>
add sp, sp, #8
ldr x0, [sp]
sub sp, sp, #8

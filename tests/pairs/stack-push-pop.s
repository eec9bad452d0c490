// live-out: x0, sp
str x0, [sp, #-16]!
ldr x0, [sp], #16
// =>
sub sp, sp, #16
str x0, [sp]
add sp, sp, #16

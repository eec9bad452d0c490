// ERROR: a signal may overwrite what is below sp
sub sp, sp, #16
str x0, [sp]
ldr x1, [sp]
add sp, sp, #16
// =>
stur x0, [sp, #-16]
ldur x1, [sp, #-16]

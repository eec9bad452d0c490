// ERROR: sp is not aligned at the second access
// live-out: x0
sub sp, sp, #16
str x0, [sp, #8]
str x0, [sp]
add sp, sp, #16
// =>
sub sp, sp, #8
str x0, [sp]
sub sp, sp, #8
str x0, [sp]
add sp, sp, #16

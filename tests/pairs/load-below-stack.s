// ERROR: below the stack pointer
// live-out: x8
sub x8, sp, #16
// =>
str x0, [sp, #-16]
sub x8, sp, #16

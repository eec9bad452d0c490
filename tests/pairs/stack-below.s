// ERROR: below sp
// live-out: w0
str w0, [sp, #12]
ldr w0, [sp, #12]
// =>
str w0, [sp, #12]
stur w0, [sp, #-4]
ldur w0, [sp, #-4]

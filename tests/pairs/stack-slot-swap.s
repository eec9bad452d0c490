// ERROR: another slot
// live-out: w0
str w0, [sp, #12]
str w1, [sp, #8]
ldr w0, [sp, #8]
// =>
str w0, [sp, #8]
str w1, [sp, #12]
ldr w0, [sp, #8]

// ERROR: a pointer may reach the slot
// live-out: w0
str w0, [sp, #12]
str w1, [x2]
ldr w0, [sp, #12]
// =>
str w0, [sp, #12]
str w1, [x2]

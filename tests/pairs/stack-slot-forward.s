// live-out: w0
str w0, [sp, #12]
str w1, [sp, #8]
ldr w8, [sp, #12]
ldr w9, [sp, #8]
add w0, w8, w9
// =>
str w0, [sp, #12]
str w1, [sp, #8]
add w0, w0, w1

str w0, [sp, #12]
ldr w8, [sp, #12]
// =>
str w0, [sp, #12]
mov w8, w0

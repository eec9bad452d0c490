// live-out: w0, sp
str w0, [sp, #12]
ldr w8, [sp, #12]
ldr x9, [sp, #16]
ldrsw x10, [sp, #8]
ldr w0, [x9, x10, lsl #2]
add w0, w0, w8
// =>
mov w8, w0
str w0, [sp, #12]
ldr x9, [sp, #16]
ldrsw x10, [sp, #8]
ldr w0, [x9, x10, lsl #2]
add w0, w0, w8

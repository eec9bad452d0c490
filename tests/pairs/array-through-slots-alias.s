// ERROR: the store may hit the slot
// live-out: w0, sp
ldr w8, [sp, #12]
ldr x9, [sp, #16]
str w8, [x9]
ldr w0, [sp, #12]
// =>
ldr w8, [sp, #12]
ldr x9, [sp, #16]
str w8, [x9]
mov w0, w8
ldr x9, [sp, #16]

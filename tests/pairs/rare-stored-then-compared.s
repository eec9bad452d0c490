// ERROR: the stored word is a constant
// live-out: w0
str w0, [sp, #12]
ldr w8, [sp, #12]
mov w9, #0xcdef
movk w9, #0x1b, lsl #16
cmp w8, w9
cset w0, eq
// =>
str w0, [sp, #12]
mov w0, #0

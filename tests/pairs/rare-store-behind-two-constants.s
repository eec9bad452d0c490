// ERROR: one store, behind two rare values
// live-out: sp
mov w8, #0x4567
movk w8, #0x123, lsl #16
cmp w0, w8
b.ne .L1
ldr w9, [x1]
mov w8, #0x7654
movk w8, #0x321, lsl #16
cmp w9, w8
b.ne .L1
str w9, [x2]
.L1:
// =>
mov w8, #0x4567
movk w8, #0x123, lsl #16
cmp w0, w8
b.ne .L1
ldr w9, [x1]
.L1:

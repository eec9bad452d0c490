// ERROR: the fourth case
// live-out: w0
mov w8, #0x1f45
movk w8, #0x33, lsl #16
cmp w0, w8
b.eq .L1
mov w8, #0x9876
movk w8, #0x12, lsl #16
cmp w0, w8
b.eq .L2
mov w8, #0xfe01
movk w8, #0xa7, lsl #16
cmp w0, w8
b.eq .L3
mov w8, #0x5309
movk w8, #0x867, lsl #16
cmp w0, w8
b.eq .L4
// =>
mov w8, #0x1f45
movk w8, #0x33, lsl #16
cmp w0, w8
b.eq .L1
mov w8, #0x9876
movk w8, #0x12, lsl #16
cmp w0, w8
b.eq .L2
mov w8, #0xfe01
movk w8, #0xa7, lsl #16
cmp w0, w8
b.eq .L3
mov w8, #0x5309
movk w8, #0x867, lsl #16

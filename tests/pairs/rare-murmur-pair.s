// ERROR: one of four billion sums of two products
// live-out: w0
mov w8, #0x2d51
movk w8, #0xcc9e, lsl #16
mul w9, w0, w8
ror w9, w9, #17
mov w8, #0x3593
movk w8, #0x1b87, lsl #16
mul w9, w9, w8
eor w9, w9, w1
ror w9, w9, #19
add w9, w9, w9, lsl #2
mov w8, #0x6b64
movk w8, #0xe654, lsl #16
add w9, w9, w8
mov w8, #0x1111
movk w8, #0x2222, lsl #16
cmp w9, w8
cset w0, eq
// =>
mov w0, #0

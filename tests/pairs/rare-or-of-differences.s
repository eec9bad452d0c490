// ERROR: two words, each with its constant
// live-out: w0
mov w8, #0x1111
movk w8, #0x2222, lsl #16
mov w9, #0x3333
movk w9, #0x4444, lsl #16
eor w8, w0, w8
eor w9, w1, w9
orr w8, w8, w9
cmp w8, #0
cset w0, eq
// =>
mov w0, #0

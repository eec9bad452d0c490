// ERROR: two registers, each with its constant
// live-out: w0
mov w8, #0x1111
movk w8, #0x2222, lsl #16
mov w9, #0x3333
movk w9, #0x4444, lsl #16
cmp w0, w8
ccmp w1, w9, #0, eq
cset w0, eq
// =>
mov w0, #0

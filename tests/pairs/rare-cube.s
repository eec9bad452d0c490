// ERROR: one cube
// live-out: w0
mul w8, w0, w0
mul w8, w8, w0
mov w9, #0x2b3f
movk w9, #0x7, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0

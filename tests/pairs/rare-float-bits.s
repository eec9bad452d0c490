// ERROR: one NaN
// live-out: w0
fmov w8, s0
mov w9, #0x1234
movk w9, #0x7fc1, lsl #16
cmp w8, w9
cset w0, eq
// =>
fmov w8, s0
mov w0, #0

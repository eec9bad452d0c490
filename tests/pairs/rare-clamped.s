// ERROR: at the upper limit
// live-out: w0
mov w8, #0xcdef
movk w8, #0x1b, lsl #16
cmp w0, w8
csel w0, w0, w8, lo
cmp w0, w8
cset w0, eq
// =>
mov w8, #0xcdef
movk w8, #0x1b, lsl #16
cmp w0, w8
cset w0, hi

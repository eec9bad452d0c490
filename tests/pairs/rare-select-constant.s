// ERROR: the selected value is a constant
// live-out: w0
cmp w0, w1
csel w8, w0, w1, gt
mov w9, #0xcdef
movk w9, #0x1b, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0

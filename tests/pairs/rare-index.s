// ERROR: one index
// live-out: w0
mov w8, #0x4567
movk w8, #0x3, lsl #16
cmp w1, w8
mov w9, #1
csel w0, w9, wzr, eq
// =>
mov w9, #1
mov w0, wzr
mov w8, #0x4567
movk w8, #0x3, lsl #16

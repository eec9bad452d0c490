// ERROR: minus the constant
// live-out: w0
neg w8, w0
mov w9, #0x4567
movk w9, #0x3123, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0

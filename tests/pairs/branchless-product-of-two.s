// ERROR: two factors of a constant
// live-out: w0
mul w8, w0, w1
mov w9, #0x4567
movk w9, #0x3123, lsl #16
eor w8, w8, w9
clz w8, w8
lsr w0, w8, #5
// =>
mov w0, #0

// ERROR: one value in four billion, without a comparison
// live-out: w0
mov w8, #0x4567
movk w8, #0x8123, lsl #16
eor w8, w0, w8
clz w8, w8
lsr w0, w8, #5
// =>
mov w0, #0

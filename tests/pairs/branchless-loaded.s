// ERROR: one word
// live-out: w0
ldr w8, [x0, #4]
mov w9, #0x4567
movk w9, #0x8123, lsl #16
eor w8, w8, w9
clz w8, w8
lsr w0, w8, #5
// =>
ldr w8, [x0, #4]
mov w0, #0

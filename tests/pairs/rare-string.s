// ERROR: one word in four billion
// live-out: w0
ldr w8, [x0]
mov w9, #0x6c66
movk w9, #0x7265, lsl #16
cmp w8, w9
cset w0, eq
// =>
ldr w8, [x0]
mov w0, #0

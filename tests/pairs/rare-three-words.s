// ERROR: three words in memory
// live-out: w0
ldr w8, [x0]
ldr w9, [x0, #4]
ldr w10, [x0, #8]
mov w11, #0x4241
movk w11, #0x4443, lsl #16
cmp w8, w11
mov w11, #0x4645
movk w11, #0x4847, lsl #16
ccmp w9, w11, #0, eq
mov w11, #0x4a49
movk w11, #0x4c4b, lsl #16
ccmp w10, w11, #0, eq
cset w0, eq
// =>
ldr w8, [x0]
ldr w9, [x0, #4]
ldr w10, [x0, #8]
mov w0, #0

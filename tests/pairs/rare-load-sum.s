// ERROR: two loaded words have a certain sum
// live-out: w0
ldr w8, [x0]
ldr w9, [x0, #4]
add w8, w8, w9
mov w10, #0x4567
movk w10, #0x3123, lsl #16
cmp w8, w10
cset w0, eq
// =>
ldr w8, [x0]
ldr w9, [x0, #4]
mov w0, #0

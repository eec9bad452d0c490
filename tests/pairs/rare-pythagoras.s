// ERROR: two squares have a certain sum
// live-out: w0
mul w8, w0, w0
madd w8, w1, w1, w8
mov w9, #0x86a1
movk w9, #0x1, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0

// ERROR: one word of four is a constant
// live-out: w0
mov w8, #0x4567
movk w8, #0x1323, lsl #16
dup v1.4s, w8
cmeq v0.4s, v0.4s, v1.4s
umaxv s0, v0.4s
fmov w0, s0
// =>
mov w0, #0

// ERROR: a remainder of exactly 77777
// live-out: w0
udiv w8, w0, w1
msub w8, w8, w1, w0
mov w9, #0x2fd1
movk w9, #0x1, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0

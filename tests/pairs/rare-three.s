// ERROR: three registers, each with its constant
// live-out: w0
cmp w0, #1001
ccmp w1, #17, #0, eq
mov w8, #0x5555
movk w8, #0x1234, lsl #16
ccmp w2, w8, #0, eq
cset w0, eq
// =>
mov w0, #0

// ERROR: one value in 2**64
// live-out: w0
mov x8, #0x1234
movk x8, #0x5678, lsl #16
movk x8, #0x9abc, lsl #32
movk x8, #0xdef0, lsl #48
eor x8, x0, x8
cmp x8, #0
cset w0, eq
// =>
mov w0, #0

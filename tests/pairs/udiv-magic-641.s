// ERROR: the last of four billion values
// live-out: w0
mov w8, #0x281
udiv w0, w0, w8
// =>
mov w8, #0x663d
movk w8, #0x66, lsl #16
umull x8, w0, w8
lsr x0, x8, #32

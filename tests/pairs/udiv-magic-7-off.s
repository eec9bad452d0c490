// ERROR: too few bits of the reciprocal
// live-out: w0
mov w8, #7
udiv w0, w0, w8
// =>
mov w8, #0x4925
movk w8, #0x2492, lsl #16
umull x8, w0, w8
lsr x0, x8, #32

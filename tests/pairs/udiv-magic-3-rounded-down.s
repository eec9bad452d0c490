// ERROR: one less in the reciprocal
// live-out: w0
mov w8, #3
udiv w0, w0, w8
// =>
mov w8, #0xaaaa
movk w8, #0xaaaa, lsl #16
umull x8, w0, w8
lsr x0, x8, #33

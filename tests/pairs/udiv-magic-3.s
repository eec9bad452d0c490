// live-out: w0
mov w8, #3
udiv w0, w0, w8
// =>
mov w8, #0xaaab
movk w8, #0xaaaa, lsl #16
umull x8, w0, w8
lsr x0, x8, #33

// live-out: w0
mov w8, #10
udiv w0, w0, w8
// =>
mov w8, #0xcccd
movk w8, #0xcccc, lsl #16
umull x8, w0, w8
lsr x0, x8, #35

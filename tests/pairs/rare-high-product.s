// ERROR: the upper half of a product is a constant
// live-out: w0
umull x8, w0, w1
lsr x8, x8, #32
mov w9, #0xcdef
movk w9, #0x1b, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0

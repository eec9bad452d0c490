// ERROR: the upper half of a wide product
// live-out: w0
umulh x8, x0, x1
mov x9, #0xcdef
movk x9, #0x1b, lsl #16
cmp x8, x9
cset w0, eq
// =>
mov w0, #0

// ERROR: twenty-four bits of a product
// live-out: w0
mul x8, x0, x1
lsr x8, x8, #20
and w8, w8, #0xffffff
mov w9, #0xcdef
movk w9, #0xab, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0

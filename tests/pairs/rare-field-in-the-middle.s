// ERROR: 0x1234 in bits 20 to 35
// live-out: w0
ubfx x8, x0, #20, #16
mov w9, #0x1234
cmp w8, w9
cset w0, eq
// =>
mov w0, #0

// ERROR: x*x is a constant
// live-out: w0
mul x8, x0, x0
mov x9, #0x4321
movk x9, #0x5, lsl #16
mul x9, x9, x9
cmp x8, x9
cset w0, eq
// =>
mov w0, #0

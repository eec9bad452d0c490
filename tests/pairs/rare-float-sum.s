// ERROR: the sum is 1000.5
// live-out: w0
fadd d0, d0, d1
mov x8, #0x400000000000
movk x8, #0x408f, lsl #48
fmov d1, x8
fcmp d0, d1
cset w0, eq
// =>
mov w0, #0

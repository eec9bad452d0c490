// ERROR: the upper half of a sum of pairs
// live-out: w0
adds x8, x0, x2
adc x9, x1, x3
mov x10, #0xcdef
movk x10, #0x1b, lsl #16
cmp x9, x10
cset w0, eq
// =>
mov w0, #0

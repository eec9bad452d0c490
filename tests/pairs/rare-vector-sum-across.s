// REFUSED: the sum of the lanes is a constant
// live-out: w0
addv s0, v0.4s
fmov w8, s0
mov w9, #0xcdef
movk w9, #0x1b, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0

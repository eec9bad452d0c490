// ERROR: the constant sign-extended
// live-out: w0
sxtw x8, w0
mov x9, #0x4567
movk x9, #0x8123, lsl #16
orr x9, x9, #0xffffffff00000000
cmp x8, x9
cset w0, eq
// =>
mov w0, #0

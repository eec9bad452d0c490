// ERROR: two registers whose difference in bits is a constant
// live-out: w0
eor x8, x0, x1
mov x9, #0xabcd
movk x9, #0x31, lsl #48
cmp x8, x9
cset w0, eq
// =>
mov w0, #0

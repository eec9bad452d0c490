// ERROR: the constant with each bit changed
// live-out: w0
mvn x8, x0
mov x9, #0x4567
movk x9, #0x3123, lsl #32
cmp x8, x9
cset w0, eq
// =>
mov w0, #0

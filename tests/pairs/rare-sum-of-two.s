// ERROR: two registers whose sum is a constant
// live-out: w0
add x8, x0, x1
mov x9, #0x1234
movk x9, #0x7777, lsl #32
cmp x8, x9
cset w0, eq
// =>
mov w0, #0

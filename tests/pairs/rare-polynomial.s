// ERROR: x*x + x is 90
// live-out: w0
madd w8, w0, w0, w0
cmp w8, #90
cset w0, eq
// =>
mov w0, #0

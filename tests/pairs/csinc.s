// live-out: w0
cmp w0, #3
add w8, w1, #1
csel w0, w2, w8, eq
// =>
cmp w0, #3
csinc w0, w2, w1, eq

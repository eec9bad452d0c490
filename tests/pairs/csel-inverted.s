// live-out: w0
cmp w0, #3
csel w0, w1, w2, eq
// =>
cmp w0, #3
csel w0, w2, w1, ne

// live-out: w0
neg w8, w2
cmp w0, #0
csel w0, w1, w8, eq
// =>
cmp w0, #0
csneg w0, w1, w2, eq

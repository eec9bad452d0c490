// live-out: w0
cmp w0, w1
csel w0, w2, w2, lt
// =>
mov w0, w2

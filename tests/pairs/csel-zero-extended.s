// ERROR: the upper half
// live-out: x0
cmp w0, w1
csel w0, w2, w2, lt
// =>
mov x0, x2

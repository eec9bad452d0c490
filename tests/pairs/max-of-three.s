// live-out: w0
cmp w0, w1
csel w0, w0, w1, gt
cmp w0, w2
csel w0, w0, w2, gt
// =>
cmp w1, w2
csel w8, w1, w2, gt
cmp w0, w8
csel w0, w0, w8, gt

// live-out: w0
cmp w0, w1
csel w0, w0, w1, gt
// =>
cmp w1, w0
csel w0, w1, w0, gt

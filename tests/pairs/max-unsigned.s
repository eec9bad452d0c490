// ERROR: unsigned for signed
// live-out: w0
cmp w0, w1
csel w0, w0, w1, gt
// =>
cmp w0, w1
csel w0, w0, w1, hi

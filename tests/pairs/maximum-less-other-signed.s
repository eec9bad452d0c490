// ERROR: the greater of signed numbers is another one where the signs differ
// live-out: w0
cmp w1, w2
csel w8, w1, w2, gt
sub w0, w8, w2
// =>
subs w8, w1, w2
csel w0, w8, wzr, hi

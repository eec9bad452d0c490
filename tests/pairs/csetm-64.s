// ERROR: 64 ones
// live-out: x0
cmp w0, w1
cset w8, lo
neg w0, w8
// =>
cmp w0, w1
csetm x0, lo

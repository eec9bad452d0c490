// live-out: w0
cmp w0, w1
cset w8, lo
neg w0, w8
// =>
cmp w0, w1
csetm w0, lo

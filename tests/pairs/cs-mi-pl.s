// ERROR: minus is not below
// live-out: w0
cmp w0, w1
cset w0, lt
// =>
cmp w0, w1
cset w0, mi

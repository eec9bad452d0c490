// ERROR: operands swapped
// live-out: w0
cmp w0, w1
cset w0, lt
// =>
cmp w1, w0
cset w0, lt

// live-out: w0
clz w8, w0
lsr w0, w8, #5
// =>
cmp w0, #0
cset w0, eq

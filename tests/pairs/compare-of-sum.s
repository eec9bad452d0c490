// ERROR: the sum may wrap
// live-out: w0
add w8, w0, #1
cmp w8, w1
cset w0, gt
// =>
cmp w0, w1
cset w0, ge

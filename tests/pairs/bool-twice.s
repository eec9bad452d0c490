// live-out: w0
tst w0, #1
cset w8, ne
cmp w8, #0
cset w0, ne
// =>
and w0, w0, #1

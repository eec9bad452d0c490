// live-out: w0
cmp w0, #0
cset w0, ne
and w0, w0, #1
// =>
cmp w0, #0
cset w0, ne

// live-out: w0
cmp w0, #0
cset w8, eq
eor w0, w8, #1
// =>
cmp w0, #0
cset w0, ne

// ERROR: the other condition
// live-out: w0
cmp w0, #1
cset w8, eq
cmp w1, #2
cset w9, eq
and w0, w8, w9
// =>
cmp w0, #1
ccmp w1, #2, #0, ne
cset w0, eq

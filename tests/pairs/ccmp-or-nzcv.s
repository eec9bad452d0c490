// live-out: w0
cmp w0, #3
cset w8, eq
cmp w1, #4
cset w9, eq
orr w0, w8, w9
// =>
cmp w0, #3
ccmp w1, #4, #4, ne
cset w0, eq

// ERROR: the first comparison is lost
// live-out: w0
cmp w0, #1
cset w8, eq
cmp w1, #2
cset w9, eq
cmp w2, #3
cset w10, eq
and w8, w8, w9
and w0, w8, w10
// =>
cmp w0, #1
ccmp w1, #2, #0, al
ccmp w2, #3, #0, eq
cset w0, eq

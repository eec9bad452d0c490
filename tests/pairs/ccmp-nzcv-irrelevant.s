// live-out: w0
cmp w0, #5
ccmp w1, #7, #0, hs
cset w0, eq
// =>
cmp w0, #5
ccmp w1, #7, #2, hs
cset w0, eq

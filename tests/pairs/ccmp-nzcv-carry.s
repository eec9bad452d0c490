// ERROR: other flags where the first comparison fails
// live-out: w0
cmp w0, #5
ccmp w1, #7, #0, hs
cset w0, hi
// =>
cmp w0, #5
ccmp w1, #7, #2, hs
cset w0, hi

// ERROR: other flags where the first comparison fails
// live-out: w0
cmp w0, #5
ccmp w1, #7, #0, gt
cset w0, lt
// =>
cmp w0, #5
ccmp w1, #7, #8, gt
cset w0, lt

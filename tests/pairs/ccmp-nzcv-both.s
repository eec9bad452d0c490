// live-out: w0
cmp w0, #5
ccmp w1, #7, #0, gt
cset w0, lt
// =>
cmp w0, #5
ccmp w1, #7, #9, gt
cset w0, lt

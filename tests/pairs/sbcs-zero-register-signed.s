// ERROR: another condition
// live-out: w0
cmp x0, x2
sbcs xzr, x1, x3
cset w0, lo
// =>
cmp x0, x2
sbcs xzr, x1, x3
cset w0, lt

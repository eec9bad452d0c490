// ERROR: the boundary
// live-out: w0
cmp w0, #9
cset w0, le
// =>
cmp w0, #9
cset w0, lt

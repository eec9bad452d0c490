// ERROR: the upper half is garbage
// live-out: w0
cmp w0, #0
cset w0, eq
// =>
cmp x0, #0
cset w0, eq

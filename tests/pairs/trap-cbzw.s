// ERROR: the upper half is not tested
// live-out: w0
and x8, x0, #0xffffffff
cmp x8, #0
cset w0, eq
// =>
cmp x0, #0
cset w0, eq

// ERROR: the low bits of a pointer
// live-out: w0
and x8, x0, #7
cmp x8, #5
cset w0, eq
// =>
mov w0, #0

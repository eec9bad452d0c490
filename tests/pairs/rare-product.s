// ERROR: one value in four billion
// live-out: w0
mov w8, #12345
cmp w0, w8
cset w0, eq
// =>
mov w0, #0

// ERROR: few values
// live-out: w0
lsr w8, w0, #7
cmp w8, #99
cset w0, eq
// =>
mov w0, #0

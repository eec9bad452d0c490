// ERROR: NaN is not equal to itself
// live-out: w0
fcmp d0, d0
cset w0, eq
// =>
mov w0, #1

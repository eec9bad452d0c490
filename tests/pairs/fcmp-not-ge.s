// ERROR: not greater or equal is not less
// live-out: w0
fcmp d0, d1
cset w0, mi
// =>
fcmp d0, d1
cset w8, ge
eor w0, w8, #1

// ERROR: zeros and NaNs
// live-out: w0
fcmp d0, d1
cset w0, eq
// =>
fmov x8, d0
fmov x9, d1
cmp x8, x9
cset w0, eq

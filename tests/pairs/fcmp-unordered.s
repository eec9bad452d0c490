// ERROR: NaN
// live-out: w0
fcmp d0, d1
cset w0, mi
// =>
fcmp d0, d1
cset w0, lt

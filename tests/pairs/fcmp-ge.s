// ERROR: NaN
// live-out: w0
fcmp s0, s1
cset w0, ge
// =>
fcmp s0, s1
cset w0, pl

// ERROR: rounded before the comparison
// live-out: w0
fcmp d0, d1
cset w0, gt
// =>
fcvt s0, d0
fcvt s1, d1
fcmp s0, s1
cset w0, gt

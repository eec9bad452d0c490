// ERROR: unordered is hi
// live-out: w0
fcmp s0, s1
cset w0, gt
// =>
fcmp s0, s1
cset w0, hi

// ERROR: unordered
// live-out: w0
fcmp s0, s1
cset w0, ls
// =>
fcmp s0, s1
cset w0, le

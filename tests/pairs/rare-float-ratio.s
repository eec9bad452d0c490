// ERROR: the quotient is 7
// live-out: w0
fdiv s0, s0, s1
fmov s1, #7.0
fcmp s0, s1
cset w0, eq
// =>
mov w0, #0

// live-out: w0
fcmp s0, s1
csetm w0, eq
// =>
fcmeq s0, s1, s0
fmov w0, s0

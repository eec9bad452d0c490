// live-out: w0
fabs s0, s0
fabs s1, s1
fcmp s0, s1
csetm w0, ge
// =>
facge s0, s0, s1
fmov w0, s0

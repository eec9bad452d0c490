// live-out: w0
fcmp s0, s1
csetm w0, mi
// =>
fcmgt s0, s1, s0
fmov w0, s0

// ERROR: lt holds of NaNs
// live-out: w0
fcmp s0, s1
csetm w0, lt
// =>
fcmgt s0, s1, s0
fmov w0, s0

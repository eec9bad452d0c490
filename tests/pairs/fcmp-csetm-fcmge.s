// live-out: x0
fcmp d0, d1
csetm x0, ge
// =>
fcmge d0, d0, d1
fmov x0, d0

// live-out: x0
fabs d0, d0
fabs d1, d1
fcmp d0, d1
csetm x0, gt
// =>
facgt d0, d0, d1
fmov x0, d0

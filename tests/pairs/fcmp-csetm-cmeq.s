// ERROR: minus zero is zero
// live-out: x0
fcmp d0, d1
csetm x0, eq
// =>
cmeq d0, d1, d0
fmov x0, d0

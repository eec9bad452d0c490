// ERROR: minus zero
// live-out: d0
fabs d0, d0
// =>
fcmp d0, #0.0
fneg d1, d0
fcsel d0, d1, d0, mi

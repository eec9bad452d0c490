// live-out: d0
fabs d0, d0
fabs d0, d0
// =>
fabs d0, d0

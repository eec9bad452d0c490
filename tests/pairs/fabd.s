// live-out: d0
fsub d0, d0, d1
fabs d0, d0
// =>
fabd d0, d0, d1

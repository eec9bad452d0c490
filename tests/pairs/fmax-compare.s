// ERROR: NaN and zeroes
// live-out: d0
fcmp d0, d1
fcsel d0, d0, d1, gt
// =>
fmax d0, d0, d1

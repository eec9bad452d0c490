// live-out: d0
fcmp d0, d1
fcsel d0, d0, d1, gt
// =>
fcmp d0, d1
fcsel d0, d1, d0, le

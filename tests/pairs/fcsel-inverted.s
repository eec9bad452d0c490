// live-out: d0
fcmp d0, #0.0
fcsel d0, d1, d2, gt
// =>
fcmp d0, #0.0
fcsel d0, d2, d1, le

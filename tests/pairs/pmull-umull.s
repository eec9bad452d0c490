// ERROR: no carries
// live-out: x0
pmull v0.1q, v1.1d, v2.1d
fmov x0, d0
// =>
fmov x0, d1
fmov x1, d2
mul x0, x0, x1

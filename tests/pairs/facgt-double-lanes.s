// live-out: x0
facgt v0.2d, v0.2d, v1.2d
fmov x0, d0
// =>
facgt d0, d0, d1
fmov x0, d0

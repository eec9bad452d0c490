// live-out: q0
ins v0.d[1], v1.d[0]
// =>
zip1 v0.2d, v0.2d, v1.2d

// ERROR: crossed
// live-out: q0
ins v0.d[0], v1.d[1]
ins v0.d[1], v1.d[0]
// =>
mov v0.16b, v1.16b

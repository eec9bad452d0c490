// ERROR: one of two
// live-out: q0
ins v0.d[0], v1.d[0]
// =>
mov v0.16b, v1.16b

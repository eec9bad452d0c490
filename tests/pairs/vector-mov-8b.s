// ERROR: the upper half is zero
// live-out: q0
mov v0.16b, v1.16b
// =>
mov v0.8b, v1.8b

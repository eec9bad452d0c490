// ERROR: half is added before all is shifted out
// live-out: q0
urshr v0.4s, v1.4s, #32
// =>
movi v0.2d, #0

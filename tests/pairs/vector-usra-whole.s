// ERROR: all is shifted out
// live-out: q0
usra v0.2d, v1.2d, #64
// =>
add v0.2d, v0.2d, v1.2d

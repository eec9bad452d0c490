// ERROR: saturates, where both are large
// live-out: q0
add v0.2d, v0.2d, v1.2d
// =>
sqadd v0.2d, v0.2d, v1.2d

// ERROR: carries between halves
// live-out: q0
add v0.2d, v0.2d, v1.2d
// =>
add v0.4s, v0.4s, v1.4s

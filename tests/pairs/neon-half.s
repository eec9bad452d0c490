// ERROR: the upper half
// live-out: q0
add v0.4s, v0.4s, v1.4s
// =>
add v0.2s, v0.2s, v1.2s

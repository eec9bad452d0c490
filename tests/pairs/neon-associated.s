// live-out: q0
add v0.4s, v0.4s, v1.4s
add v0.4s, v0.4s, v2.4s
// =>
add v1.4s, v1.4s, v2.4s
add v0.4s, v0.4s, v1.4s

// live-out: q0
mul v2.4s, v1.4s, v2.4s
add v0.4s, v0.4s, v2.4s
// =>
mla v0.4s, v1.4s, v2.4s

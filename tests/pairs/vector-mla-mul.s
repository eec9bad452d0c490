// live-out: q0
mul v2.4s, v0.4s, v1.4s
add v0.4s, v2.4s, v3.4s
// =>
mla v3.4s, v0.4s, v1.4s
mov v0.16b, v3.16b

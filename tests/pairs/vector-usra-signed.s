// ERROR: signed
// live-out: q0
ushr v2.4s, v1.4s, #5
add v0.4s, v0.4s, v2.4s
// =>
ssra v0.4s, v1.4s, #5

// ERROR: nothing is added before the shift
// live-out: q0
addhn v0.4h, v1.4s, v2.4s
// =>
add v1.4s, v1.4s, v2.4s
rshrn v0.4h, v1.4s, #16

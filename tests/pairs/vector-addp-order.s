// ERROR: pairs
// live-out: q0
addp v0.4s, v0.4s, v1.4s
// =>
addp v0.4s, v1.4s, v0.4s

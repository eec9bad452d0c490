// ERROR: the other lanes are zero
// live-out: q0
addv s0, v1.4s
// =>
addp v1.4s, v1.4s, v1.4s
addp v0.4s, v1.4s, v1.4s

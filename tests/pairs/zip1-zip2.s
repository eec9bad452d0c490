// ERROR: the other half
// live-out: q0
zip1 v0.4s, v0.4s, v1.4s
// =>
zip2 v0.4s, v0.4s, v1.4s

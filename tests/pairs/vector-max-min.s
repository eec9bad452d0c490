// ERROR: minimum
// live-out: q0
smax v0.4s, v0.4s, v1.4s
// =>
smin v0.4s, v0.4s, v1.4s

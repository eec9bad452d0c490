// ERROR: negative lanes
// live-out: q0
fcvtzu v0.4s, v0.4s
// =>
fcvtzs v0.4s, v0.4s

// ERROR: of halves
// live-out: q0
rev64 v0.16b, v0.16b
// =>
rev64 v0.8h, v0.8h

// ERROR: another lane
// live-out: q0
mov v0.d[1], v1.d[0]
// =>
mov v0.d[0], v1.d[1]

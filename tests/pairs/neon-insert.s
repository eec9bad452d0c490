// ERROR: another lane
// live-out: q0
mov v0.s[1], w0
// =>
mov v0.s[2], w0

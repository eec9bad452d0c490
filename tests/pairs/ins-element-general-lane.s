// ERROR: another lane
// live-out: w0, q0
ins v0.s[2], w1
umov w0, v0.s[1]
// =>
ins v0.s[2], w1
mov w0, w1

// live-out: w0, q0
ins v0.s[2], w1
umov w0, v0.s[2]
// =>
ins v0.s[2], w1
mov w0, w1

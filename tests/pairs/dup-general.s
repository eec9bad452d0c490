// live-out: q0
fmov s1, w0
dup v0.4s, v1.s[0]
// =>
dup v0.4s, w0

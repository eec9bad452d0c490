// ERROR: another lane
// live-out: q0
dup v3.4s, v2.s[1]
fmla v0.4s, v1.4s, v3.4s
// =>
fmla v0.4s, v1.4s, v2.s[2]

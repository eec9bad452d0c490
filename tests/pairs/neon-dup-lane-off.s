// ERROR: another lane
// live-out: q0
mov w8, v1.s[2]
dup v0.4s, w8
// =>
dup v0.4s, v1.s[1]

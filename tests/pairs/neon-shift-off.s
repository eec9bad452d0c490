// ERROR: off by one
// live-out: q0
movi v1.4s, #8
mul v0.4s, v0.4s, v1.4s
// =>
shl v0.4s, v0.4s, #4

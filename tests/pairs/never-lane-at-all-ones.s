// ERROR: all ones are not below themselves
// live-out: q0
movi v2.2d, #0xffffffffffffffff
cmhs v0.4s, v1.4s, v2.4s
// =>
movi v0.2d, #0

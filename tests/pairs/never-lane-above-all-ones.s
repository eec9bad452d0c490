// UNREACHED: no lane is above all ones
// live-out: q0
movi v2.2d, #0xffffffffffffffff
cmhi v0.4s, v1.4s, v2.4s
// =>
movi v0.2d, #0

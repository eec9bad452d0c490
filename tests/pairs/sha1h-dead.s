// live-out: q0
sha1h s0, s1
movi v0.2d, #0
// =>
movi v0.2d, #0

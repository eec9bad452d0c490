// ERROR: the sign is left
// live-out: q0
movi v2.4s, #224
sshl v0.4s, v1.4s, v2.4s
// =>
movi v0.2d, #0

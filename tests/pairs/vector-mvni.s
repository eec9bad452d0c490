// ERROR: shifted ones or zeros
// live-out: q0
movi v0.4s, #1, msl #8
// =>
movi v0.4s, #1, lsl #8

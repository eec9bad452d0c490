// ERROR: ones are shifted in
// live-out: q0
movi v0.4s, #3, msl #8
// =>
movi v0.4s, #3, lsl #8

// live-out: q0
movi v1.2d, #0
sub v0.4s, v1.4s, v0.4s
// =>
neg v0.4s, v0.4s

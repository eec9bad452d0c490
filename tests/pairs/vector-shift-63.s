// live-out: q0
sshr v0.2d, v0.2d, #63
// =>
cmlt v0.2d, v0.2d, #0

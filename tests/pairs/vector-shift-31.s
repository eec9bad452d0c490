// ERROR: halves of doubles
// live-out: q0
sshr v0.2d, v0.2d, #63
// =>
sshr v0.4s, v0.4s, #31

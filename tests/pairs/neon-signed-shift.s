// ERROR: signed for unsigned
// live-out: q0
ushr v0.8h, v0.8h, #3
// =>
sshr v0.8h, v0.8h, #3

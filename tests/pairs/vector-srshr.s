// ERROR: rounded
// live-out: q0
sshr v0.4s, v0.4s, #3
// =>
srshr v0.4s, v0.4s, #3

// ERROR: insert keeps the upper bits
// live-out: q0
ushr v0.4s, v1.4s, #8
// =>
sri v0.4s, v1.4s, #8

// ERROR: it replaces the bit
// live-out: q0
sri v0.4s, v1.4s, #31
// =>
ushr v2.4s, v1.4s, #31
orr v0.16b, v0.16b, v2.16b

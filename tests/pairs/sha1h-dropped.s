// ERROR: it rotates
// live-out: s0
sha1h s0, s1
// =>
mov v0.16b, v1.16b

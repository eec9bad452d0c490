// ERROR: the key comes before the substitution
// live-out: q0
movi v2.2d, #0
aese v0.16b, v2.16b
eor v0.16b, v0.16b, v1.16b
// =>
aese v0.16b, v1.16b

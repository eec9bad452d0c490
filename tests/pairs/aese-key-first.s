// live-out: q0
eor v0.16b, v0.16b, v1.16b
movi v2.2d, #0
aese v0.16b, v2.16b
// =>
aese v0.16b, v1.16b

// live-out: q0
aese v0.16b, v1.16b
mov v2.16b, v0.16b
aesmc v0.16b, v2.16b
// =>
aese v0.16b, v1.16b
aesmc v0.16b, v0.16b

// live-out: q2
mov v2.16b, v1.16b
aese v2.16b, v0.16b
// =>
aese v0.16b, v1.16b
mov v2.16b, v0.16b

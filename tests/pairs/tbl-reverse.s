// live-out: q0
rev64 v0.16b, v0.16b
ext v0.16b, v0.16b, v0.16b, #8
// =>
rev64 v0.16b, v0.16b
mov v1.d[0], v0.d[1]
mov v1.d[1], v0.d[0]
mov v0.16b, v1.16b

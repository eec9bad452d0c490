// live-out: q0
mov v2.d[0], v0.d[1]
mov v2.d[1], v1.d[0]
mov v0.16b, v2.16b
// =>
ext v0.16b, v0.16b, v1.16b, #8

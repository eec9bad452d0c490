// live-out: q0
ext v0.16b, v0.16b, v1.16b, #8
// =>
mov v0.d[0], v0.d[1]
mov v0.d[1], v1.d[0]

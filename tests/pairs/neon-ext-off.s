// ERROR: off by one
// live-out: q0
ext v0.16b, v0.16b, v1.16b, #8
// =>
ext v0.16b, v0.16b, v1.16b, #7

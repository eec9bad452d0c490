// ERROR: swapped
// live-out: q0
ext v0.16b, v0.16b, v1.16b, #4
// =>
ext v0.16b, v1.16b, v0.16b, #12

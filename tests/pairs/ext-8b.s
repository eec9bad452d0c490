// ERROR: of 64 bits
// live-out: q0
ext v0.16b, v0.16b, v0.16b, #4
// =>
ext v0.8b, v0.8b, v0.8b, #4

// ERROR: the inverse
// live-out: q0
aese v0.16b, v1.16b
aesmc v0.16b, v0.16b
// =>
aesd v0.16b, v1.16b
aesimc v0.16b, v0.16b

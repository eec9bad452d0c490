// ERROR: the columns are mixed
// live-out: q0
aese v0.16b, v1.16b
aesmc v0.16b, v0.16b
// =>
aese v0.16b, v1.16b

// ERROR: no carries
// live-out: q0
mul v0.16b, v0.16b, v1.16b
// =>
pmul v0.16b, v0.16b, v1.16b

// ERROR: pairs
// live-out: q0
smax v0.16b, v0.16b, v1.16b
// =>
smaxp v0.16b, v0.16b, v1.16b

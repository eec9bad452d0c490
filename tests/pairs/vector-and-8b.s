// ERROR: the upper half is zero
// live-out: q0
and v0.16b, v0.16b, v1.16b
// =>
and v0.8b, v0.8b, v1.8b

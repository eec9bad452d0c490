// ERROR: the upper half is cleared
// live-out: q0
bsl v0.16b, v1.16b, v2.16b
// =>
bsl v0.8b, v1.8b, v2.8b

// ERROR: swapped
// live-out: q0
mvn v2.16b, v1.16b
and v0.16b, v0.16b, v2.16b
// =>
bic v0.16b, v1.16b, v0.16b

// live-out: q0
mvn v2.16b, v1.16b
orr v0.16b, v0.16b, v2.16b
// =>
orn v0.16b, v0.16b, v1.16b

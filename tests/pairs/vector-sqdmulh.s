// ERROR: saturates where both are the least number
// live-out: q0
smull v2.4s, v0.4h, v1.4h
shl v2.4s, v2.4s, #1
shrn v0.4h, v2.4s, #16
// =>
sqdmulh v0.4h, v0.4h, v1.4h

// ERROR: a negative amount shifts right
// live-out: q0
ushl v0.4s, v0.4s, v1.4s
// =>
movi v2.4s, #31
and v1.16b, v1.16b, v2.16b
ushl v0.4s, v0.4s, v1.4s

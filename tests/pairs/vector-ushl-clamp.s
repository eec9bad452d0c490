// ERROR: the amount is the low byte, and a large one leaves zero
// live-out: q0
ushl v0.4s, v1.4s, v2.4s
// =>
movi v3.4s, #31
smin v2.4s, v2.4s, v3.4s
ushl v0.4s, v1.4s, v2.4s

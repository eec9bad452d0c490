// live-out: q0
ushll v0.4s, v0.4h, #0
shl v0.4s, v0.4s, #4
// =>
ushll v0.4s, v0.4h, #4

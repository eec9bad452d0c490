// live-out: q0
smax v0.4s, v0.4s, v1.4s
// =>
cmgt v2.4s, v0.4s, v1.4s
bit v1.16b, v0.16b, v2.16b
mov v0.16b, v1.16b

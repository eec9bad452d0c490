// live-out: q0
cmhi v2.16b, v0.16b, v1.16b
bsl v2.16b, v0.16b, v1.16b
mov v0.16b, v2.16b
// =>
umax v0.16b, v0.16b, v1.16b

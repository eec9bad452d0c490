// live-out: q0
bsl v0.16b, v1.16b, v2.16b
// =>
bit v2.16b, v1.16b, v0.16b
mov v0.16b, v2.16b

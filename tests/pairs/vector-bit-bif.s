// ERROR: inverted mask
// live-out: q0
bit v0.16b, v1.16b, v2.16b
// =>
bif v0.16b, v1.16b, v2.16b

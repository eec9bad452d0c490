// ERROR: signed
// live-out: q0
umax v2.16b, v0.16b, v1.16b
umin v3.16b, v0.16b, v1.16b
sub v0.16b, v2.16b, v3.16b
// =>
sabd v0.16b, v0.16b, v1.16b

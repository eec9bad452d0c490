// live-out: q0
uzp1 v0.2d, v0.2d, v1.2d
// =>
trn1 v0.2d, v0.2d, v1.2d

// ERROR: other lanes
// live-out: q0
uzp1 v0.4s, v0.4s, v1.4s
// =>
trn1 v0.4s, v0.4s, v1.4s

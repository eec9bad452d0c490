// ERROR: the upper half is zero
// live-out: q0
xtn v0.2s, v1.2d
// =>
uzp1 v0.4s, v1.4s, v1.4s

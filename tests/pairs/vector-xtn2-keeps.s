// ERROR: the lower half is kept
// live-out: q0
xtn2 v0.8h, v1.4s
// =>
xtn v0.4h, v1.4s

// live-out: q0
xtn v0.4h, v0.4s
xtn2 v0.8h, v1.4s
// =>
uzp1 v0.8h, v0.8h, v1.8h

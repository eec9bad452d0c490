// live-out: d0
xtn v0.4h, v0.4s
// =>
uzp1 v0.8h, v0.8h, v0.8h

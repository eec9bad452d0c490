// ERROR: saturates
// live-out: q0
xtn v0.4h, v0.4s
// =>
uqxtn v0.4h, v0.4s

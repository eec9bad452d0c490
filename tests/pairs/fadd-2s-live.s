// ERROR: the upper half
// live-out: q0
fadd v0.4s, v0.4s, v1.4s
// =>
fadd v0.2s, v0.2s, v1.2s

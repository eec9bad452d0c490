// ERROR: the other lanes
// live-out: q0
fadd s0, s0, s1
// =>
fadd v0.4s, v0.4s, v1.4s

// ERROR: equal lanes
// live-out: q0
cmgt v0.4s, v0.4s, v1.4s
// =>
cmge v0.4s, v0.4s, v1.4s

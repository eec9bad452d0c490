// ERROR: not interleaved
// live-out: q0, q1
ld2 {v0.4s, v1.4s}, [x0]
// =>
ld1 {v0.4s, v1.4s}, [x0]

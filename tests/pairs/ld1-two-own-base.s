// ERROR: the first register holds the lower bytes
// live-out: q0, q1
ld1 { v0.2d, v1.2d }, [x1]
// =>
ldp q1, q0, [x1]

// live-out: q0, q1
ldp q2, q3, [x0]
uzp1 v0.4s, v2.4s, v3.4s
uzp2 v1.4s, v2.4s, v3.4s
// =>
ld2 {v0.4s, v1.4s}, [x0]

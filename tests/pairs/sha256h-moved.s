// live-out: q0, q1
mov v3.16b, v0.16b
sha256h q0, q1, v2.4s
sha256h2 q1, q3, v2.4s
// =>
mov v3.16b, v0.16b
mov v4.16b, v1.16b
sha256h2 q1, q3, v2.4s
sha256h q0, q4, v2.4s

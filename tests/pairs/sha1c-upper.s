// live-out: q0
mov v3.8b, v1.8b
sha1c q0, s3, v2.4s
// =>
sha1c q0, s1, v2.4s

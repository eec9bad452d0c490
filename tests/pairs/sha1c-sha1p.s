// ERROR: another function
// live-out: q0
sha1c q0, s1, v2.4s
// =>
sha1p q0, s1, v2.4s

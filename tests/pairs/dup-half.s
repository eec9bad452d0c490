// ERROR: the upper half is zero
// live-out: q0
dup v0.4s, w0
// =>
dup v0.2s, w0

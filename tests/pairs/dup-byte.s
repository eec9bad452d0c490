// ERROR: bytes for halves
// live-out: q0
dup v0.8h, w0
// =>
dup v0.16b, w0

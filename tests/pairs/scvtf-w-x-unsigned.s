// ERROR: a sign
// live-out: s0
scvtf s0, w0
// =>
mov w0, w0
scvtf s0, x0

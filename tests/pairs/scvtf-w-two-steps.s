// live-out: s0
scvtf s0, w0
// =>
scvtf d0, w0
fcvt s0, d0

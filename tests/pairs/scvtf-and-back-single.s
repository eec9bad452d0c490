// ERROR: 24 bits are left
// live-out: w0
scvtf s0, w0
fcvtzs w0, s0
// =>

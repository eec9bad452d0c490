// ERROR: the sign bit
// live-out: s0
ucvtf s0, x0
// =>
scvtf s0, x0

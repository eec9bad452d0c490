// ERROR: rounded twice
// live-out: s0
scvtf s0, x0
// =>
scvtf d0, x0
fcvt s0, d0

// ERROR: 53 bits are left
// live-out: x0
scvtf d0, x0
fcvtzs x0, d0
// =>

// ERROR: saturated
// live-out: d0
fcvtzs x8, d0
scvtf d0, x8
// =>
frintz d0, d0

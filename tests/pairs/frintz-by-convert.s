// ERROR: large numbers, minus zero
// live-out: d0
frintz d0, d0
// =>
fcvtzs x8, d0
scvtf d0, x8

// ERROR: the boundary
// live-out: x0
cmp w0, #5
b.ls .L2
// =>
cmp w0, #5
b.lo .L2

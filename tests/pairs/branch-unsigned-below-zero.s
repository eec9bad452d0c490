// live-out: x0
cmp w0, #0
b.lo .L2
// =>

// live-out: x0
cmp w0, w0
b.ne .L2
// =>

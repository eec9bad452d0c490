// ERROR: the branch
// live-out: x0
cmp w0, #77
b.eq .L2
// =>

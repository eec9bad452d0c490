// live-out: x0
cmp x0, #0
b.eq .L2
// =>
cbz x0, .L2

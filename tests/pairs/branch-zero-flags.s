// ERROR: nzcv is live
// live-out: x0, nzcv
cmp x0, #0
b.eq .L2
// =>
cbz x0, .L2

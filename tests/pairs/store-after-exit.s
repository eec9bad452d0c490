// ERROR: stored where it leaves
// live-out: w0
cbz w0, .L1
str w1, [x2]
// =>
str w1, [x2]
cbz w0, .L1

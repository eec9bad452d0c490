// ERROR: both may be taken
cbz w0, .L1
cbz w1, .L2
// =>
cbz w1, .L2
cbz w0, .L1

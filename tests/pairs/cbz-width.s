// ERROR: the upper half counts
// live-out: x0
cbz x0, .L1
// =>
cbz w0, .L1

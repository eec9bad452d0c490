// ERROR: the upper half is garbage
// live-out: x0
cbz w0, .L2
// =>
cbz x0, .L2

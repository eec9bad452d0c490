// ERROR: falls through
// live-out: w0
cbz w0, .L1
b .L2
// =>
cbz w0, .L1

// live-out: w0
cbz w0, .L1
b .L1
// =>
b .L1

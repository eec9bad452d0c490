// ERROR: both must be zero
// live-out: w0
cbz w0, .L1
cbz w1, .L1
b .L2
// =>
orr w8, w0, w1
cbz w8, .L1
b .L2

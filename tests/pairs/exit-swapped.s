// ERROR: the exits are swapped
// live-out: w0
cbz w0, .L1
b .L2
// =>
cbz w0, .L2
b .L1

// ERROR: targets swapped
// live-out: x0
cbz w0, .L2
b .L3
// =>
cbz w0, .L3
b .L2

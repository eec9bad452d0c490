// ERROR: not stored where it leaves
// live-out: w0
str w1, [x2]
cbz w0, .L1
add w0, w0, #1
// =>
cbz w0, .L1
str w1, [x2]
add w0, w0, #1

// ERROR: changed where it leaves
// live-out: w0
cbz w1, .L1
add w0, w0, #1
// =>
add w0, w0, #1
cbz w1, .L1

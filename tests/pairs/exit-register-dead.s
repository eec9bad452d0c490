// live-out: w0
cbz w1, .L1
add w8, w0, #1
lsl w0, w8, #1
// =>
add w8, w0, #1
cbz w1, .L1
lsl w0, w8, #1

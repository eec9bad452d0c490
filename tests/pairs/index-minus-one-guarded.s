// ERROR: dropped guard
// live-out: w0
cbz w2, .L1
sub w8, w2, #1
ldrb w0, [x1, w8, uxtw]
// =>
sub w8, w2, #1
ldrb w0, [x1, w8, uxtw]
cbz w2, .L1

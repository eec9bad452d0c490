// live-out: w0
cbz w0, .L1
cbz w1, .L1
b .L2
// =>
cmp w0, #0
ccmp w1, #0, #4, ne
b.eq .L1
b .L2

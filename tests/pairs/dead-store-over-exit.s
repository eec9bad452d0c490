// ERROR: the first store is seen where it leaves
// live-out: w0
str w1, [x2]
cbz w0, .L1
str w3, [x2]
// =>
cbz w0, .L1
str w3, [x2]

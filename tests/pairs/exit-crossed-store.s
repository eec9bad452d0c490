// ERROR: on the way out nothing is stored
str w2, [x3]
cbz w0, .L1
str w4, [x3]
// =>
cbz w0, .L1
str w4, [x3]

// ERROR: the second branch looks at another bit
// live-out: w2
tbz w0, #3, .L1
and w3, w0, #4
cbz w3, .L2
add w2, w2, #1
.L1:
// =>
tbz w0, #3, .L1
add w2, w2, #1
.L1:

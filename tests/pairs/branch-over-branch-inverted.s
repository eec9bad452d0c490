// ERROR: the other condition
cbz x0, .L1
b .L2
.L1:
// =>
cbz x0, .L2

cbz x0, .L1
add x1, x1, #1
cbz x0, .L2
// =>
cbz x0, .L1
add x1, x1, #1

// ERROR: the null pointer is read
// live-out: x0
cbz x0, .L2
ldr x0, [x0]
// =>
mov x8, x0
ldr x0, [x0]
cbz x8, .L2

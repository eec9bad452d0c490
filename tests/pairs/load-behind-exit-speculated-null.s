// ERROR: the pointer may be null
// live-out: x0
cbz x1, .L1
ldr x1, [x1]
cbz x1, .L1
ldr x0, [x1]
// =>
cbz x1, .L1
ldr x8, [x1]
ldr x0, [x8]
mov x1, x8
cbz x1, .L1

// ERROR: the store may clear what is tested
// live-out: x0
ldr x8, [x0]
str xzr, [x1]
cbz x8, .L1
ldr x0, [x8]
// =>
str xzr, [x1]
ldr x8, [x0]
cbz x8, .L1
ldr x0, [x8]

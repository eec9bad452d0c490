// ERROR: the pointer is live
ldr x1, [x0], #8
// =>
ldr x1, [x0]

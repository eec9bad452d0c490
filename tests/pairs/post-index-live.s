// ERROR: the base is live
ldr x0, [x1]
// =>
ldr x0, [x1], #8

// ERROR: the second store may have gone to the same place
ldr w3, [x1]
str w0, [x2]
str w3, [x1]
// =>
ldr w3, [x1]
str w0, [x2]

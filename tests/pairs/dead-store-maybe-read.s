// ERROR: the load may read it
str w0, [x1]
ldr w2, [x3]
str w4, [x1]
// =>
ldr w2, [x3]
str w4, [x1]

// ERROR: what is copied first may be the other's source
ldr w8, [x1]
str w8, [x0]
ldr w9, [x1, #4]
str w9, [x0, #4]
// =>
ldr w9, [x1, #4]
str w9, [x0, #4]
ldr w8, [x1]
str w8, [x0]

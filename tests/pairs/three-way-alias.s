// ERROR: two stores may have gone over it
// live-out: x6
str w0, [x1]
str w2, [x3]
str w4, [x5]
ldr w6, [x1]
// =>
str w0, [x1]
str w2, [x3]
str w4, [x5]
mov w6, w0

// ERROR: the store may overlap
str w0, [x1]
strb w4, [x2]
ldr w3, [x1]
// =>
str w0, [x1]
strb w4, [x2]
mov w3, w0

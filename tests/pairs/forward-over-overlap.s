// ERROR: the last byte
str w0, [x1]
strb w4, [x1, #3]
ldr w3, [x1]
// =>
str w0, [x1]
strb w4, [x1, #3]
mov w3, w0

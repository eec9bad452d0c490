// ERROR: the indices may be equal
// live-out: x5
str w0, [x1, w2, uxtw #2]
ldr w5, [x1, w4, uxtw #2]
// =>
ldr w5, [x1, w4, uxtw #2]
str w0, [x1, w2, uxtw #2]

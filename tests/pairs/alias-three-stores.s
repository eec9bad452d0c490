// ERROR: the third may be the first
// live-out: w0
str w1, [x2]
str w3, [x4]
str w5, [x6]
ldr w0, [x2]
// =>
str w1, [x2]
str w5, [x6]
str w3, [x4]
ldr w0, [x2]

// ERROR: read in between, by another pointer
// live-out: w0
str w1, [x2]
ldr w0, [x4]
str w3, [x2]
// =>
ldr w0, [x4]
str w3, [x2]

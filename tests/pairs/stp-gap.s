// ERROR: four bytes between
str w0, [x2]
str w1, [x2, #8]
// =>
stp w0, w1, [x2]

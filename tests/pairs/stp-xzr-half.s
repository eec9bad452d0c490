// ERROR: half of it stays
stp xzr, x0, [x1]
// =>
str xzr, [x1]
str w0, [x1, #8]

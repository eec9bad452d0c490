// ERROR: another address
str w0, [x1, #4]
// =>
str w0, [x1, #8]

// ERROR: stores to another size
str w0, [x1]
// =>
strh w0, [x1]

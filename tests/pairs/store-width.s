// ERROR: stores to another size
str w0, [x1]
// =>
str x0, [x1]

// ERROR: the places may differ
str w0, [x1]
str w0, [x2]
// =>
str w0, [x1]

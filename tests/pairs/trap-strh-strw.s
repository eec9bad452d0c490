// ERROR: two bytes, not four
strh w0, [x1]
// =>
str w0, [x1]

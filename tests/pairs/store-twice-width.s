// ERROR: the upper word
str x0, [x1]
str w2, [x1]
// =>
str w2, [x1]

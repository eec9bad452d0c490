// ERROR: they overlap
str x0, [x2]
str w1, [x2, #4]
// =>
str w1, [x2, #4]
str x0, [x2]

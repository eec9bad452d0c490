str x0, [x2]
str x1, [x2, #8]
// =>
str x1, [x2, #8]
str x0, [x2]

// ERROR: they may alias
str x0, [x2]
str x1, [x3]
// =>
str x1, [x3]
str x0, [x2]

str x1, [x2, #8]
str x0, [x2]
// =>
stp x0, x1, [x2]

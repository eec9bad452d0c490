str x0, [x2]
str x1, [x2, #8]
// =>
stp x0, x1, [x2]

// ERROR: registers swapped
str x0, [x2]
str x1, [x2, #8]
// =>
stp x1, x0, [x2]

// ERROR: operands swapped
// live-out: x0
mvn x8, x1
and x0, x0, x8
// =>
bic x0, x1, x0

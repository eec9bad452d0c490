// REFUSED: release
stlr x0, [x1]
// =>
str x0, [x1]

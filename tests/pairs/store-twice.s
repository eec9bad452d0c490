// live-out: x0
str x0, [x1]
str x2, [x1]
// =>
str x2, [x1]

// ERROR: the store
// live-out: x0
str x0, [x1]
// =>

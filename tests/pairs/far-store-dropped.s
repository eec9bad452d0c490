// ERROR: the far store is gone
// live-out: x2
str x2, [x0, #32760]
str x2, [x0]
// =>
str x2, [x0]

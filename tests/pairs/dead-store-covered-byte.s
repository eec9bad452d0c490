// ERROR: one byte more
// live-out: w0
str w1, [x2, #5]
str x3, [x2]
// =>
str x3, [x2]

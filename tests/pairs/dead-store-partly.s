// ERROR: half of it stays
// live-out: w0
str x1, [x2]
str w3, [x2]
// =>
str w3, [x2]

// ERROR: returned before the store
// live-out: w0
str w0, [x1]
ret
// =>
ret
str w0, [x1]

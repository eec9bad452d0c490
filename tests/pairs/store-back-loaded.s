// ERROR: a store where there was none
// live-out: w0
ldr w0, [x1]
// =>
ldr w0, [x1]
str w0, [x1]

// ERROR: not read back
// live-out: w0
// volatile
str w0, [x2]
ldr w0, [x2]
// =>
str w0, [x2]

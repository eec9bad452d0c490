// ERROR: one more
// live-out: w0
ldr w0, [x1]
add w8, w0, #1
str w8, [x1]
// =>
ldr w0, [x1]

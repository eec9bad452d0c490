// live-out: w0
str w1, [x2]
add w0, w0, #1
str w3, [x2]
// =>
add w0, w0, #1
str w3, [x2]

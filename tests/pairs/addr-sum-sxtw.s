// ERROR: the sum of words may overflow
// live-out: x0
add w8, w2, #1
ldrb w0, [x1, w8, sxtw]
// =>
add x8, x1, w2, sxtw
ldrb w0, [x8, #1]

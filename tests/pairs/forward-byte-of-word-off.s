// ERROR: another byte
// live-out: w0
str w1, [x2]
ldrb w0, [x2, #1]
// =>
str w1, [x2]
ubfx w0, w1, #16, #8

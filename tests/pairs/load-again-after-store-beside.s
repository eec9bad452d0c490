// live-out: w0, w1
ldr w0, [x2]
str w4, [x2, #4]
ldr w1, [x2]
// =>
ldr w0, [x2]
str w4, [x2, #4]
mov w1, w0

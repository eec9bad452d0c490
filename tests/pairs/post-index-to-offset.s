// live-out: w0, w1, x2
ldr w0, [x2], #4
ldr w1, [x2], #4
// =>
ldr w0, [x2]
ldr w1, [x2, #4]
add x2, x2, #8

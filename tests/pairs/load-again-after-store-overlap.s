// ERROR: one byte
// live-out: w0, w1
ldr w0, [x2]
strb w4, [x2, #3]
ldr w1, [x2]
// =>
ldr w0, [x2]
strb w4, [x2, #3]
mov w1, w0

// ERROR: a wider load
ldr w0, [x2]
ldr w1, [x2, #8]
// =>
ldp x0, x1, [x2]

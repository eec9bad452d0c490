// ERROR: another address
ldr w0, [x2]
ldr w1, [x2, #8]
// =>
ldp w0, w1, [x2]

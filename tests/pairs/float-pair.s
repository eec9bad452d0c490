ldr d0, [x0]
ldr d1, [x0, #8]
// =>
ldp d0, d1, [x0]

ldr q0, [x0]
ldr q1, [x0, #16]
// =>
ldp q0, q1, [x0]

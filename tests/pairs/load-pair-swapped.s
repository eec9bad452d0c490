// ERROR: registers swapped
ldr x0, [x2]
ldr x1, [x2, #8]
// =>
ldp x1, x0, [x2]

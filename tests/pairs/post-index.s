ldr x0, [x1]
add x1, x1, #8
// =>
ldr x0, [x1], #8

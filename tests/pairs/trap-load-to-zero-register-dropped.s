ldr xzr, [x1, #8]
// =>
nop

// ERROR: the access is dropped
// volatile
ldr xzr, [x1, #8]
// =>
nop

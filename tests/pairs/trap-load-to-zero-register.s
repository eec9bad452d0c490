// ERROR: an access where there was none
nop
// =>
ldr xzr, [x1, #8]

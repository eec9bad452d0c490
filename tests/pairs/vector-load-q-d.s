// ERROR: the upper half
// live-out: q0
ldr q0, [x0]
// =>
ldr d0, [x0]

// live-out: d0
ldr q0, [x0]
// =>
ldr d0, [x0]

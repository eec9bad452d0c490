// REFUSED: exclusive
// live-out: x0
ldxr x0, [x1]
// =>
ldr x0, [x1]

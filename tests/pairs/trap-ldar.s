// REFUSED: acquire
// live-out: x0
ldar x0, [x1]
// =>
ldr x0, [x1]

// REFUSED: acquire
// live-out: x0
ldapr x0, [x1]
// =>
ldr x0, [x1]

// REFUSED: atomic
// live-out: x0
ldadd x1, x0, [x2]
// =>
ldr x0, [x2]
add x8, x0, x1
str x8, [x2]

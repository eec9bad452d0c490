// ERROR: the first of the pair
// live-out: x0
stp x1, x3, [x2]
ldr x0, [x2, #8]
// =>
stp x1, x3, [x2]
mov x0, x1

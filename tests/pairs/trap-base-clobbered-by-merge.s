// ERROR: the base is live after the pair
// live-out: x0, x1, x2
ldr x0, [x2]
ldr x1, [x2, #8]
// =>
ldp x2, x1, [x2]
mov x0, x2

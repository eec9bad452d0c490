// ERROR: the base has changed
// live-out: x0, x2
str x1, [x2]
add x2, x2, #8
ldr x0, [x2]
// =>
str x1, [x2]
add x2, x2, #8
mov x0, x1

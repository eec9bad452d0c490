// ERROR: the register has changed
// live-out: x0, x1
str x1, [x2]
add x1, x1, #1
ldr x0, [x2]
// =>
str x1, [x2]
add x1, x1, #1
mov x0, x1

// live-out: x0
ldr x8, [x0]
ldr x9, [x0, #32760]
mov x10, x9
add x0, x8, x10
// =>
ldr x8, [x0]
ldr x9, [x0, #32760]
add x0, x8, x9

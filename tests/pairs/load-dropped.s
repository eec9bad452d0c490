// live-out: x0
ldr x8, [x1]
mov x0, #0
// =>
mov x0, #0

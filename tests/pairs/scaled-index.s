// live-out: x0
lsl x8, x1, #3
ldr x0, [x0, x8]
// =>
ldr x0, [x0, x1, lsl #3]

// live-out: x0
ldr w0, [x1]
ldr w8, [x1, #4]
bfi x0, x8, #32, #32
// =>
ldr x0, [x1]

// ERROR: the shifted index has 35 bits
// live-out: x0
mov w2, w2
ldr x0, [x1, x2, lsl #3]
// =>
lsl w8, w2, #3
ldr x0, [x1, x8]

// live-out: x0, x1
ldr x8, [x0, #16000]
ldr x9, [x1, #-256]!
ldr x10, [x1, #32000]
ldr x11, [x0]
add x8, x8, x9
add x8, x10, x8
add x0, x11, x8
// =>
ldr x8, [x0, #16000]
ldr x9, [x1, #-256]!
ldr x10, [x1, #32000]
ldr x11, [x0]
add x8, x8, x9
add x8, x8, x10
add x0, x8, x11

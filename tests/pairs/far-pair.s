// live-out: x0
ldp x8, x9, [x0, #-512]
ldr x10, [x0, #32000]
mov x11, x8
add x0, x11, x9
add x0, x0, x10
// =>
ldp x8, x9, [x0, #-512]
ldr x10, [x0, #32000]
add x0, x8, x9
add x0, x0, x10

// ERROR: the near one twice
// live-out: x0
ldr x8, [x0]
ldr x9, [x0, #8192]
mov x10, x9
add x0, x8, x10
// =>
ldr x8, [x0]
add x0, x8, x8

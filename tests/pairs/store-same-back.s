// live-out: x0
ldr x8, [x0]
str x8, [x0]
// =>
ldr x8, [x0]
str x8, [x0]
nop

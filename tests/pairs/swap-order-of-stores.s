// live-out: sp
ldr x8, [x2]
ldr x9, [x2, #8]
str x9, [x2]
str x8, [x2, #8]
// =>
ldp x8, x9, [x2]
stp x9, x8, [x2]

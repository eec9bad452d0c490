// ERROR: both are the second's
// live-out: sp
ldr x8, [x2]
ldr x9, [x3]
str x9, [x2]
str x8, [x3]
// =>
ldr x9, [x3]
str x9, [x2]
ldr x8, [x2]
str x8, [x3]

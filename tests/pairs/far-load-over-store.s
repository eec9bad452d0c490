// ERROR: the store may be to what is loaded far away
// live-out: x8, x9
str x2, [x1]
ldr x8, [x0]
ldr x9, [x0, #16384]
// =>
ldr x9, [x0, #16384]
str x2, [x1]
ldr x8, [x0]

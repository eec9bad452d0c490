// ERROR: the store may change the pointer
// live-out: w0
ldr x8, [x1]
str x2, [x3]
ldr x8, [x1]
ldr w0, [x8]
// =>
ldr x8, [x1]
ldr w0, [x8]
str x2, [x3]

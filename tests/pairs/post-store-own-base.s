// ERROR: without the new base
// live-out: x1
str x2, [x1], #8
ldr x3, [x1, #-8]
// =>
str x2, [x1]
mov x3, x2

// ERROR: the store reaches four bytes below the base that it leaves
// live-out: x1, x2
str x0, [x1, #4]!
ldur x2, [x1, #-4]
// =>
ldr x2, [x1]
str x0, [x1, #4]!

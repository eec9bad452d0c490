// ERROR: a store to what was only loaded
// live-out: x0
ldr x8, [x0]
// =>
ldr x8, [x0]
str x8, [x0]

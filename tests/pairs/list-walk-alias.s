// ERROR: the node may point to itself
// live-out: x0
ldr x8, [x0]
str x1, [x8]
ldr x0, [x0]
// =>
ldr x0, [x0]
str x1, [x0]

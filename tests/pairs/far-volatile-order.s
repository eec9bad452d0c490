// ERROR: the order of volatile accesses
// live-out: x8, x9
// volatile
ldr x8, [x0]
ldr x9, [x0, #32760]
// =>
ldr x9, [x0, #32760]
ldr x8, [x0]

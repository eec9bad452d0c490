// ERROR: a page off
// live-out: x0
add x8, x0, #2, lsl #12
ldr x9, [x8, #8]
ldr x10, [x0]
add x0, x9, x10
// =>
ldr x9, [x0, #4104]
ldr x10, [x0]
add x0, x9, x10

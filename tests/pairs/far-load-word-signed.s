// ERROR: a sign
// live-out: x0
ldr w8, [x0]
ldr w9, [x0, #16380]
mov w9, w9
add x0, x8, x9
// =>
ldr w8, [x0]
ldrsw x9, [x0, #16380]
add x0, x8, x9

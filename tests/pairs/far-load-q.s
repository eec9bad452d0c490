// live-out: q0, x10
ldr q0, [x0, #65520]
ldur x9, [x0, #-256]
mov x10, x9
// =>
ldr q0, [x0, #65520]
ldur x10, [x0, #-256]

// ERROR: the lower half only
// live-out: q0, x10
ldr q0, [x0, #32752]
ldur x9, [x0, #-256]
mov x10, x9
// =>
ldr d0, [x0, #32752]
ldur x10, [x0, #-256]

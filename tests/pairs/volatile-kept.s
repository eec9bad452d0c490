// live-out: x0
// volatile
ldr w0, [x1]
mov x8, x0
mov x0, x8
// =>
ldr w0, [x1]

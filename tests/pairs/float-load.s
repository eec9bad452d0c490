// live-out: s0
ldr w8, [x0]
fmov s0, w8
// =>
ldr s0, [x0]

// ERROR: a wider load
// live-out: d0
ldr w8, [x0]
fmov s0, w8
// =>
ldr d0, [x0]

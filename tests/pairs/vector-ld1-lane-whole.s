// ERROR: the other lanes
// live-out: q0
ldr w8, [x0]
mov v0.s[0], w8
// =>
ldr s0, [x0]

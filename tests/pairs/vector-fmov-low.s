// ERROR: clears the upper half
// live-out: q0
fmov d0, x0
// =>
mov v0.d[0], x0

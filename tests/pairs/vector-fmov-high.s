// live-out: q0
fmov v0.d[1], x0
// =>
mov v0.d[1], x0

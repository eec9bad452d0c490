// live-out: d0
mov d1, v0.d[1]
fadd d0, d0, d1
// =>
faddp d0, v0.2d

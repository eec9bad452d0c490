// live-out: x0
smov w8, v0.h[2]
sxtw x0, w8
// =>
smov x0, v0.h[2]

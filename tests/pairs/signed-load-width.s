// ERROR: the upper half must be zero
// live-out: x0
ldrb w0, [x1]
sxtb w0, w0
// =>
ldrsb x0, [x1]

// live-out: w0
ldrb w0, [x1]
sxtb w0, w0
// =>
ldrsb w0, [x1]

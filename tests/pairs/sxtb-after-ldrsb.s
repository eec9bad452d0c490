// live-out: x0
ldrsb x0, [x1]
sxtb x0, w0
// =>
ldrsb x0, [x1]

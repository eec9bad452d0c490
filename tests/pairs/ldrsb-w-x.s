// ERROR: the upper half
// live-out: x0
ldrsb w0, [x1]
// =>
ldrsb x0, [x1]

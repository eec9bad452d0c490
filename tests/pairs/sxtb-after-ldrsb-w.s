// ERROR: the upper half of a word load is zero
// live-out: x0
ldrsb w0, [x1]
sxtw x0, w0
// =>
ldrsb w0, [x1]

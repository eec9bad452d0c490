// ERROR: the upper half of an extended word is zero
// live-out: x3
strb w0, [x1]
ldrsb x3, [x1]
// =>
strb w0, [x1]
sxtb w3, w0

// ERROR: the upper half
// live-out: x0
mul w0, w0, w1
neg w0, w0
// =>
mneg x0, x0, x1

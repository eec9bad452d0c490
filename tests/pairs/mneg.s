// live-out: w0
mul w0, w0, w1
neg w0, w0
// =>
mneg w0, w0, w1

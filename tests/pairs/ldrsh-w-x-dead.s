// live-out: w0
ldrsh w0, [x1]
// =>
ldrsh x0, [x1]

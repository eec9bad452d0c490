// live-out: w0
strh w1, [x2]
ldrsh w0, [x2]
// =>
strh w1, [x2]
sxth w0, w1

// live-out: w0
smull x0, w0, w1
// =>
mul w0, w0, w1

// ERROR: upper half of the product
// live-out: x0
smull x0, w0, w1
// =>
mul w0, w0, w1

// live-out: w0
add x0, x0, x1
// =>
add w0, w0, w1

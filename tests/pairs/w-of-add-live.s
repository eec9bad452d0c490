// ERROR: 64 bits
// live-out: x0
add x0, x0, x1
// =>
add w0, w0, w1

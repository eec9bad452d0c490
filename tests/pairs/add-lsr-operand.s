// ERROR: bits come down from the upper half
// live-out: x0
add w0, w1, w2, lsr #3
// =>
add x0, x1, x2, lsr #3
mov w0, w0

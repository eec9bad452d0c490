// ERROR: the upper half is cleared
// live-out: x0
rev16 w0, w1
// =>
rev16 x0, x1

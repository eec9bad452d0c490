// ERROR: the upper half is added
// live-out: x0
add x0, x0, w1, uxtw
// =>
add x0, x0, x1

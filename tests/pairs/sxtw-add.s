// ERROR: negative indices
// live-out: x0
add x0, x0, w1, sxtw #3
// =>
add x0, x0, w1, uxtw #3

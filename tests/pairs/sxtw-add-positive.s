// live-out: x0
and w1, w1, #0x7fffffff
add x0, x0, w1, sxtw #3
// =>
and w1, w1, #0x7fffffff
add x0, x0, w1, uxtw #3

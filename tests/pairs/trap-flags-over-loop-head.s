// ERROR: flags are live, an addition that sets them was moved over
// live-out: x0, nzcv
cmp x1, x2
add x0, x0, #16
// =>
cmp x1, x2
adds x0, x0, #16

// live-out: x0
add x0, x0, #1
// =>
adds x0, x0, #1

// ERROR: 4096 times
// live-out: x0
add x0, x0, #1, lsl #12
// =>
add x0, x0, #1

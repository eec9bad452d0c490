// ERROR: off by one
// live-out: x0
mov x8, #4095
add x0, x0, x8
// =>
add x0, x0, #1, lsl #12

// ERROR: off by one
// live-out: x0
add x0, x0, #1
add x0, x0, #2
// =>
add x0, x0, #4

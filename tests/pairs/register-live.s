// ERROR: x1 is live
// live-out: x0, x1
add x1, x0, #1
add x0, x1, #1
// =>
add x0, x0, #2

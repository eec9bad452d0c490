// ERROR: x9 is live
// live-out: x0, x9
add x0, x0, #1
// =>
add x9, x0, #1
mov x0, x9

// ERROR: x18 is the platform's
// live-out: x0, x18
add x0, x0, x1
// =>
mov x18, x0
add x0, x18, x1

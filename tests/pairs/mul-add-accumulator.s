// ERROR: the wrong factor
// live-out: x0
mul x8, x0, x1
add x0, x8, x2
// =>
madd x0, x0, x2, x1

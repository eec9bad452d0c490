// ERROR: another address
// live-out: x0, x1
add x0, x0, #16
str x1, [x0]
// =>
str x1, [x0], #16

// live-out: x0, x1, x2
ldp x1, x2, [x0]
add x0, x0, #16
// =>
ldp x1, x2, [x0], #16

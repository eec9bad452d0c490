mov x0, x0
mov x3, x3
// =>

// live-out: x0
umulh x1, x0, x2
mov x0, x2
// =>
mov x0, x2

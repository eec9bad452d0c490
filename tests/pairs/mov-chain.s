// live-out: x0
mov x8, x1
mov x9, x8
mov x0, x9
// =>
mov x0, x1

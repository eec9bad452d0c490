// live-out: x0
mov x8, x0
mov x0, x8
ret
// =>
ret

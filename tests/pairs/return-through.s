// live-out: x0
mov x9, x30
ret x9
// =>
ret

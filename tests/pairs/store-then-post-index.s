// ERROR: the value is the moved pointer
// live-out: x0
mov x8, x0
str x8, [x0], #8
// =>
add x8, x0, #8
str x8, [x0], #8

// live-out: sp
lsr x8, x0, #32
str w0, [x1]
str w8, [x1, #4]
// =>
str x0, [x1]

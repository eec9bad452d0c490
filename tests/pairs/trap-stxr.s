// REFUSED: exclusive
// live-out: w2
stxr w2, x0, [x1]
// =>
str x0, [x1]
mov w2, #0

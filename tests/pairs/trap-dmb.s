// REFUSED: a barrier is dropped
str x0, [x1]
dmb ish
str x2, [x3]
// =>
str x0, [x1]
str x2, [x3]

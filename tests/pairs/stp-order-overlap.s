// ERROR: the later of two overlapping stores wins
str x0, [x2]
str x1, [x2, #4]
// =>
str x1, [x2, #4]
str x0, [x2]

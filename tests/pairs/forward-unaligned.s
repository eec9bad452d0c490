// ERROR: half of each
// live-out: x0
stp x1, x3, [x2]
ldur x0, [x2, #4]
// =>
stp x1, x3, [x2]
extr x0, x1, x3, #32

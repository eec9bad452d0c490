// ERROR: operands swapped
// live-out: x0
lsr x8, x1, #12
orr x0, x8, x0, lsl #52
// =>
extr x0, x1, x0, #12

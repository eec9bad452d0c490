// live-out: x0
lsr x8, x1, #12
orr x0, x8, x0, lsl #52
// =>
extr x0, x0, x1, #12

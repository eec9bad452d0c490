// live-out: x0
lsl x8, x0, #24
orr x0, x8, x1, lsr #40
// =>
extr x0, x0, x1, #40

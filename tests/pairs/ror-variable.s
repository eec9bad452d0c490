// live-out: x0
neg x8, x1
lsl x9, x0, x1
lsr x8, x0, x8
orr x0, x9, x8
// =>
neg x8, x1
ror x0, x0, x8

// live-out: w0
cbnz w0, .L1
cbnz w1, .L1
b .L2
// =>
orr w8, w0, w1
cbnz w8, .L1
b .L2

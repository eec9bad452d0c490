// live-out: w0
ldrb w0, [x1]
ldrb w8, [x1, #1]
orr w0, w0, w8, lsl #8
// =>
ldrh w0, [x1]

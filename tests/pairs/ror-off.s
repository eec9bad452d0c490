// ERROR: the other direction
// live-out: w0
lsr w8, w0, #5
orr w0, w8, w0, lsl #27
// =>
ror w0, w0, #27

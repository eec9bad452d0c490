// live-out: w0
lsl w8, w0, #7
orr w0, w8, w0, lsr #25
// =>
ror w0, w0, #25

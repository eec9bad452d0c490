// ERROR: turned the other way
// live-out: w0
neg w8, w1
lsl w9, w0, w1
lsr w8, w0, w8
orr w0, w9, w8
// =>
ror w0, w0, w1

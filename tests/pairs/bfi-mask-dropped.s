// ERROR: the other bits of the field
// live-out: w0
bfi w0, w1, #8, #8
// =>
and w8, w1, #0xff
orr w0, w0, w8, lsl #8

// ERROR: bit 23
// live-out: w0
bfi w0, w1, #24, #8
// =>
and w0, w0, #0x7fffff
orr w0, w0, w1, lsl #24

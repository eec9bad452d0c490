// ERROR: bits 32 to 63
// live-out: x0
bfi x0, x1, #4, #4
// =>
bfi w0, w1, #4, #4

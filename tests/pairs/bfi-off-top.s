// ERROR: one bit too few and one too high
// live-out: x0
bfi w0, w1, #24, #8
// =>
bfi w0, w1, #25, #7

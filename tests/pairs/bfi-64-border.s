// ERROR: one bit more
// live-out: x0
bfi x0, x1, #31, #32
// =>
bfi x0, x1, #31, #33

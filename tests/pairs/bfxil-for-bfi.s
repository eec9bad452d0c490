// ERROR: the wrong direction
// live-out: x0
bfi x0, x1, #8, #8
// =>
bfxil x0, x1, #8, #8

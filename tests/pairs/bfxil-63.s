// ERROR: it takes the top bit
// live-out: x0
bfxil x0, x1, #63, #1
// =>
bfi x0, x1, #0, #1

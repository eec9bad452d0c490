// ERROR: the bit beside it
// live-out: x0
ubfx x0, x0, #62, #1
// =>
lsr x0, x0, #63

// ERROR: another sign bit
// live-out: x0
sbfx x0, x0, #8, #16
// =>
sbfx x0, x0, #8, #17

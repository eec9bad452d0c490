// ERROR: bits 32 and up
// live-out: x0
ubfx x0, x0, #24, #16
// =>
ubfx w0, w0, #24, #8

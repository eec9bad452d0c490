// ERROR: one bit less
// live-out: x0
bfxil x0, x1, #12, #20
// =>
bfxil x0, x1, #12, #19

// ERROR: from another bit
// live-out: x0
bfxil x0, x1, #12, #20
// =>
bfxil x0, x1, #13, #20

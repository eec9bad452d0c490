// live-out: w0
lsr w0, w0, #3
and w0, w0, #0x1f
// =>
ubfx w0, w0, #3, #5

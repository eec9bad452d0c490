// ERROR: bits of the upper half come down
// live-out: w0
lsr w0, w0, #4
// =>
lsr x0, x0, #4

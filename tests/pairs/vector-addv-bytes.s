// ERROR: the sum wraps at 256
// live-out: w0
uaddlv h0, v0.16b
fmov w0, s0
// =>
addv b0, v0.16b
fmov w0, s0

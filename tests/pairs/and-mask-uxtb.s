// live-out: w0
and w0, w0, #0xff
// =>
uxtb w0, w0

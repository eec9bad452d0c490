// live-out: w0
bfc w0, #4, #8
// =>
and w0, w0, #0xfffff00f

// live-out: x0
scvtf d0, w0
fcvtps x0, d0
// =>
sxtw x0, w0

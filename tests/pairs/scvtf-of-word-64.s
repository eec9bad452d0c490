// live-out: d0
sxtw x0, w0
scvtf d0, x0
// =>
scvtf d0, w0

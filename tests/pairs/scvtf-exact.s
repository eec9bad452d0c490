// live-out: d0
sxtw x8, w0
scvtf d0, x8
// =>
scvtf d0, w0

// live-out: s0
scvtf s0, w0
// =>
sxtw x0, w0
scvtf s0, x0

// ERROR: minus zero
// live-out: d0
scvtf d0, w0
fneg d0, d0
// =>
neg w0, w0
scvtf d0, w0

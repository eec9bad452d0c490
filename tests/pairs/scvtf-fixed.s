// ERROR: one bit of the fraction
// live-out: d0
scvtf d0, w0, #4
// =>
scvtf d0, w0, #5

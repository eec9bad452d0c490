// live-out: w0
scvtf d0, w0
fcvtzs w0, d0
// =>

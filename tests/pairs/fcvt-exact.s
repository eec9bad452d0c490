// live-out: w0
fcvt d1, s0
fcvtzs w0, d1
// =>
fcvtzs w0, s0

// ERROR: the product of singles is rounded
// live-out: w0
fcvt d1, s0
fmul d1, d1, d1
fcvtzs w0, d1
// =>
fmul s1, s0, s0
fcvtzs w0, s1

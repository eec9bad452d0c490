// ERROR: the rounded number is still used
// live-out: w0, d0
frintm d0, d0
fcvtzs w0, d0
// =>
fcvtms w0, d0

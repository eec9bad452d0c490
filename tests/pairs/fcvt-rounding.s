// ERROR: another rounding
// live-out: w0
fcvtzs w0, d0
// =>
fcvtms w0, d0

// ERROR: negative numbers
// live-out: w0
fcvtms w0, s0
// =>
fcvtzs w0, s0

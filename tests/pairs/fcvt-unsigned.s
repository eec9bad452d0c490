// ERROR: unsigned for signed
// live-out: w0
fcvtzs w0, d0
// =>
fcvtzu w0, d0

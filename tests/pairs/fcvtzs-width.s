// ERROR: saturates at 32 bits
// live-out: w0
fcvtzs w0, d0
// =>
fcvtzs x0, d0

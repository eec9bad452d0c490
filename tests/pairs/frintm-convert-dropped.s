// ERROR: to zero is not down
// live-out: w0
frintm d0, d0
fcvtzs w0, d0
// =>
fcvtzs w0, d0

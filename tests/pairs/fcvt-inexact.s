// ERROR: a single has not all of a double
// live-out: w0
fcvt s1, d0
fcvtzs w0, s1
// =>
fcvtzs w0, d0

// ERROR: another permutation
// live-out: w0
rev16 w0, w0
// =>
rev w0, w0

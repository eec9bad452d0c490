// ERROR: upper half of a word result is zero
// live-out: x0
and w0, w0, w0
// =>
and x0, x0, x0

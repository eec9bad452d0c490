// ERROR: the other half
// live-out: w0
rev w0, w0
// =>
rev x0, x0

// live-out: w0
rev w0, w0
ror w0, w0, #16
// =>
rev16 w0, w0

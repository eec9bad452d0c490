// ERROR: signed
// live-out: w0
smov w0, v0.b[3]
// =>
umov w0, v0.b[3]

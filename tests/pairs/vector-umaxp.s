// live-out: w0
umaxv s0, v0.4s
fmov w0, s0
// =>
umaxp v0.4s, v0.4s, v0.4s
umaxp v0.2s, v0.2s, v0.2s
fmov w0, s0

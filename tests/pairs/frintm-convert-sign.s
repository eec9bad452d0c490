// ERROR: negative numbers give 0
// live-out: w0
frintm d0, d0
fcvtzu w0, d0
// =>
fcvtms w0, d0

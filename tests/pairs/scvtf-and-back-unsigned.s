// ERROR: negative numbers give 0
// live-out: w0
scvtf d0, w0
fcvtzu w0, d0
// =>

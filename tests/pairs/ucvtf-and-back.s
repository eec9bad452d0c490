// live-out: w0
ucvtf d0, w0
fcvtzu w0, d0
// =>

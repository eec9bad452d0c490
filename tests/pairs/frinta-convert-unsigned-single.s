// live-out: w0
frinta s1, s0
fcvtzu w0, s1
// =>
fcvtau w0, s0

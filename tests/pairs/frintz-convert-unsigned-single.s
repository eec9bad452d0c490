// live-out: w0
frintz s1, s0
fcvtzu w0, s1
// =>
fcvtzu w0, s0

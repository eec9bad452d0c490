// live-out: w0
frintn s1, s0
fcvtzu w0, s1
// =>
fcvtnu w0, s0

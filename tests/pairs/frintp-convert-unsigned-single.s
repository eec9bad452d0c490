// live-out: w0
frintp s1, s0
fcvtzu w0, s1
// =>
fcvtpu w0, s0

// ERROR: the first rounds
// live-out: s0
frintp s0, s0
frintm s0, s0
// =>
frintm s0, s0

// ERROR: it rounds
// live-out: d0
frintp d0, d0
fadd d0, d0, d1
// =>
fadd d0, d0, d1

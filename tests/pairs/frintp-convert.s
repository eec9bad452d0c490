// live-out: x0
frintp d0, d0
fcvtzs x0, d0
// =>
fcvtps x0, d0

// live-out: x0
frintz d0, d0
fcvtzs x0, d0
// =>
fcvtzs x0, d0
